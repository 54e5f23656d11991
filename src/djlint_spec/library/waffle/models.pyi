from django.conf import settings as settings
from django.contrib.auth.base_user import AbstractBaseUser as AbstractBaseUser
from django.contrib.auth.models import Group as Group
from django.db.models import BooleanField as BooleanField
from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import DecimalField as DecimalField
from django.db.models import Manager as Manager
from django.db.models import ManyToManyField as ManyToManyField
from django.db.models import Model as Model
from django.db.models import TextField as TextField
from django.http import HttpRequest as HttpRequest

class BaseModel(Model):
    class Meta:
        abstract = True
    def natural_key(self, *args, **kwargs): ...
    @classmethod
    def get(cls, *args, **kwargs): ...
    @classmethod
    def get_from_db(cls, *args, **kwargs): ...
    @classmethod
    def get_all(cls, *args, **kwargs): ...
    @classmethod
    def get_all_from_db(cls, *args, **kwargs): ...
    def flush(self, *args, **kwargs): ...
    def save(self, *args, **kwargs): ...
    def delete(self, *args, **kwargs): ...
class AbstractBaseFlag(BaseModel):
    name = CharField(unique=True, max_length=100)
    everyone = BooleanField(null=True, blank=True)
    percent = DecimalField(null=True, blank=True)
    testing = BooleanField()
    superusers = BooleanField()
    staff = BooleanField()
    authenticated = BooleanField()
    languages = TextField(blank=True)
    rollout = BooleanField()
    note = TextField(blank=True)
    created = DateTimeField(db_index=True)
    modified = DateTimeField()
    objects = Manager()
    class Meta:
        abstract = True
    def flush(self, *args, **kwargs): ...
    def get_flush_keys(self, *args, **kwargs): ...
    def is_active_for_user(self, *args, **kwargs): ...
    def is_active(self, *args, **kwargs): ...
class AbstractUserFlag(AbstractBaseFlag):
    groups = ManyToManyField('auth.Group', blank=True)
    users = ManyToManyField(settings.AUTH_USER_MODEL, blank=True)
    class Meta:
        abstract = True
    def get_flush_keys(self, *args, **kwargs): ...
    def is_active_for_user(self, *args, **kwargs): ...
class Flag(AbstractUserFlag):
    class Meta:
        app_label = 'waffle'
        swappable = 'WAFFLE_FLAG_MODEL'
class AbstractBaseSwitch(BaseModel):
    name = CharField(unique=True, max_length=100)
    active = BooleanField()
    note = TextField(blank=True)
    created = DateTimeField(db_index=True)
    modified = DateTimeField()
    objects = Manager()
    class Meta:
        abstract = True
    def is_active(self, *args, **kwargs): ...
class AbstractBaseSample(BaseModel):
    name = CharField(unique=True, max_length=100)
    percent = DecimalField()
    note = TextField(blank=True)
    created = DateTimeField(db_index=True)
    modified = DateTimeField()
    objects = Manager()
    class Meta:
        abstract = True
    def is_active(self, *args, **kwargs): ...
class Switch(AbstractBaseSwitch):
    class Meta:
        app_label = 'waffle'
        swappable = 'WAFFLE_SWITCH_MODEL'
class Sample(AbstractBaseSample):
    class Meta:
        app_label = 'waffle'
        swappable = 'WAFFLE_SAMPLE_MODEL'
def get_waffle_sample_model(*args, **kwargs): ...
def get_waffle_switch_model(*args, **kwargs): ...
def get_waffle_flag_model(*args, **kwargs): ...
def get_setting(*args, **kwargs): ...
def keyfmt(*args, **kwargs): ...
def get_cache(*args, **kwargs): ...
def set_flag(*args, **kwargs): ...
