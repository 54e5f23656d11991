from celery.app.task import class_property as class_property
