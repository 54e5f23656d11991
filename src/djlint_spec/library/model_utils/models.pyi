from django.core.exceptions import ImproperlyConfigured as ImproperlyConfigured
from django.db.models import BooleanField as BooleanField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models.functions import Now as Now
from model_utils.fields import AutoCreatedField as AutoCreatedField
from model_utils.fields import AutoLastModifiedField as AutoLastModifiedField
from model_utils.fields import MonitorField as MonitorField
from model_utils.fields import StatusField as StatusField
from model_utils.fields import UUIDField as UUIDField
from model_utils.managers import QueryManager as QueryManager
from model_utils.managers import SoftDeletableManager as SoftDeletableManager

class TimeStampedModel(Model):
    created = AutoCreatedField()
    modified = AutoLastModifiedField()
    class Meta:
        abstract = True
    def save(self, *args, **kwargs): ...
class TimeFramedModel(Model):
    start = DateTimeField(null=True, blank=True)
    end = DateTimeField(null=True, blank=True)
    class Meta:
        abstract = True
class StatusModel(Model):
    status = StatusField(max_length=100)
    status_changed = MonitorField()
    class Meta:
        abstract = True
    def save(self, *args, **kwargs): ...
class SoftDeletableModel(Model):
    is_removed = BooleanField()
    objects = SoftDeletableManager()
    available_objects = SoftDeletableManager()
    all_objects = Manager()
    class Meta:
        abstract = True
    def delete(self, *args, **kwargs): ...
class UUIDModel(Model):
    id = UUIDField(primary_key=True)
    class Meta:
        abstract = True
def add_status_query_managers(*args, **kwargs): ...
def add_timeframed_query_manager(*args, **kwargs): ...
