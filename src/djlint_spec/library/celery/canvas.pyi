from celery.app.task import group as group
