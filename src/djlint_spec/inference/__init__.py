"""What expressions hold: querysets with what they load, rows of models, managers, views, serializers."""
