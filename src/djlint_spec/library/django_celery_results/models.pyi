from celery.result import GroupResult as CeleryGroupResult
from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import PositiveIntegerField as PositiveIntegerField
from django.db.models import TextField as TextField
from django_celery_results.managers import GroupResultManager as GroupResultManager
from django_celery_results.managers import TaskResultManager as TaskResultManager

class TaskResult(Model):
    task_id = CharField(unique=True, max_length=255)
    periodic_task_name = CharField(null=True, max_length=255)
    task_name = CharField(null=True, max_length=255)
    task_args = TextField(null=True)
    task_kwargs = TextField(null=True)
    status = CharField(max_length=50)
    worker = CharField(null=True, max_length=100)
    content_type = CharField(max_length=128)
    content_encoding = CharField(max_length=64)
    result = TextField(null=True)
    date_created = DateTimeField(auto_now_add=True)
    date_started = DateTimeField(null=True)
    date_done = DateTimeField(auto_now=True)
    traceback = TextField(null=True, blank=True)
    meta = TextField(null=True)
    objects = TaskResultManager()
    class Meta:
        app_label = 'django_celery_results'
        ordering = ['-date_done']
    def as_dict(self, *args, **kwargs): ...
class ChordCounter(Model):
    group_id = CharField(unique=True, max_length=255)
    sub_tasks = TextField()
    count = PositiveIntegerField()
    objects = Manager()
    class Meta:
        app_label = 'django_celery_results'
    def group_result(self, *args, **kwargs): ...
class GroupResult(Model):
    group_id = CharField(unique=True, max_length=255)
    date_created = DateTimeField(auto_now_add=True)
    date_done = DateTimeField(auto_now=True)
    content_type = CharField(max_length=128)
    content_encoding = CharField(max_length=64)
    result = TextField(null=True)
    objects = GroupResultManager()
    class Meta:
        app_label = 'django_celery_results'
        ordering = ['-date_done']
    def as_dict(self, *args, **kwargs): ...
