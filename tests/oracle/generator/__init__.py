"""Projects that no one thought of: random models, serializers, querysets and views, written out as source."""
