"""Rules on the ORM."""
