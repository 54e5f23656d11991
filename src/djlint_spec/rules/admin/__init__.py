"""Rules on the admin."""
