"""Rules on Celery tasks."""
