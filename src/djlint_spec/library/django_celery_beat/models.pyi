from celery.schedules import BaseSchedule as BaseSchedule
from celery.schedules import crontab as crontab
from django.core.exceptions import MultipleObjectsReturned as MultipleObjectsReturned
from django.core.exceptions import ValidationError as ValidationError
from django.db.models import BooleanField as BooleanField
from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import DecimalField as DecimalField
from django.db.models import Field as Field
from django.db.models import ForeignKey as ForeignKey
from django.db.models import IntegerField as IntegerField
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import PositiveIntegerField as PositiveIntegerField
from django.db.models import SmallIntegerField as SmallIntegerField
from django.db.models import TextField as TextField

class SolarSchedule(Model):
    event = CharField(max_length=24)
    latitude = DecimalField()
    longitude = DecimalField()
    objects = Manager()
    class Meta:
        app_label = 'django_celery_beat'
        ordering = ['event', 'latitude', 'longitude']
    @property
    def schedule(self): ...
    @classmethod
    def from_schedule(cls, *args, **kwargs): ...
class IntervalSchedule(Model):
    every = IntegerField()
    period = CharField(max_length=24)
    objects = Manager()
    class Meta:
        app_label = 'django_celery_beat'
        ordering = ['period', 'every']
    @property
    def schedule(self): ...
    @classmethod
    def from_schedule(cls, *args, **kwargs): ...
    @property
    def period_singular(self): ...
class ClockedSchedule(Model):
    clocked_time = DateTimeField()
    objects = Manager()
    class Meta:
        app_label = 'django_celery_beat'
        ordering = ['clocked_time']
    @property
    def schedule(self): ...
    @classmethod
    def from_schedule(cls, *args, **kwargs): ...
class CrontabSchedule(Model):
    minute = CharField(max_length=240)
    hour = CharField(max_length=96)
    day_of_month = CharField(max_length=124)
    month_of_year = CharField(max_length=64)
    day_of_week = CharField(max_length=64)
    timezone = Field()
    objects = Manager()
    class Meta:
        app_label = 'django_celery_beat'
        ordering = ['month_of_year', 'day_of_month', 'day_of_week', 'hour', 'minute', 'timezone']
    @property
    def human_readable(self): ...
    @property
    def schedule(self): ...
    @classmethod
    def from_schedule(cls, *args, **kwargs): ...
    def due_start_time(self, *args, **kwargs): ...
class PeriodicTasks(Model):
    ident = SmallIntegerField(primary_key=True, unique=True)
    last_update = DateTimeField()
    objects = Manager()
    class Meta:
        app_label = 'django_celery_beat'
    @classmethod
    def changed(cls, *args, **kwargs): ...
    @classmethod
    def update_changed(cls, *args, **kwargs): ...
    @classmethod
    def last_change(cls, *args, **kwargs): ...
class PeriodicTask(Model):
    name = CharField(unique=True, max_length=200)
    task = CharField(max_length=200)
    interval = ForeignKey('django_celery_beat.IntervalSchedule', null=True, blank=True)
    crontab = ForeignKey('django_celery_beat.CrontabSchedule', null=True, blank=True)
    solar = ForeignKey('django_celery_beat.SolarSchedule', null=True, blank=True)
    clocked = ForeignKey('django_celery_beat.ClockedSchedule', null=True, blank=True)
    args = TextField(blank=True)
    kwargs = TextField(blank=True)
    queue = CharField(null=True, blank=True, max_length=200)
    exchange = CharField(null=True, blank=True, max_length=200)
    routing_key = CharField(null=True, blank=True, max_length=200)
    headers = TextField(blank=True)
    priority = PositiveIntegerField(null=True, blank=True)
    expires = DateTimeField(null=True, blank=True)
    expire_seconds = PositiveIntegerField(null=True, blank=True)
    one_off = BooleanField()
    start_time = DateTimeField(null=True, blank=True)
    enabled = BooleanField()
    last_run_at = DateTimeField(null=True, blank=True)
    total_run_count = PositiveIntegerField()
    date_changed = DateTimeField(auto_now=True)
    description = TextField(blank=True)
    objects = Manager()
    class Meta:
        app_label = 'django_celery_beat'
    def validate_unique(self, *args, **kwargs): ...
    def save(self, *args, **kwargs): ...
    def delete(self, *args, **kwargs): ...
    @property
    def expires_(self): ...
    @property
    def scheduler(self): ...
    @property
    def schedule(self): ...
    def due_start_time(self, *args, **kwargs): ...
class clocked(BaseSchedule):
    def remaining_estimate(self, *args, **kwargs): ...
    def is_due(self, *args, **kwargs): ...
class TzAwareCrontab(crontab):
    def nowfunc(self, *args, **kwargs): ...
    def is_due(self, *args, **kwargs): ...
def make_aware(*args, **kwargs): ...
def now(*args, **kwargs): ...
def cronexp(*args, **kwargs): ...
def crontab_schedule_celery_timezone(*args, **kwargs): ...
