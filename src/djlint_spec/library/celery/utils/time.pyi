from celery.schedules import ffwd as ffwd
