from celery.schedules import AttributeDict as AttributeDict
