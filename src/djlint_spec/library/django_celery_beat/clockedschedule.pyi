from django_celery_beat.models import clocked as clocked
