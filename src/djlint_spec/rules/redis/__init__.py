"""Rules on Redis, caches and locks."""
