from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import IntegerField as IntegerField
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import QuerySet as QuerySet
from django.db.models import TextField as TextField
from django_extensions.db.fields import AutoSlugField as AutoSlugField
from django_extensions.db.fields import CreationDateTimeField as CreationDateTimeField
from django_extensions.db.fields import ModificationDateTimeField as ModificationDateTimeField

class TimeStampedModel(Model):
    created = CreationDateTimeField(auto_now_add=True)
    modified = ModificationDateTimeField(auto_now=True)
    class Meta:
        abstract = True
    def save(self, *args, **kwargs): ...
class TitleDescriptionModel(Model):
    title = CharField(max_length=255)
    description = TextField(null=True, blank=True)
    class Meta:
        abstract = True
class TitleSlugDescriptionModel(TitleDescriptionModel):
    slug = AutoSlugField(blank=True)
    class Meta:
        abstract = True
class ActivatorQuerySet(QuerySet):
    def active(self, *args, **kwargs): ...
    def inactive(self, *args, **kwargs): ...
class ActivatorModelManager(Manager):
    def get_queryset(self, *args, **kwargs): ...
    def active(self, *args, **kwargs): ...
    def inactive(self, *args, **kwargs): ...
class ActivatorModel(Model):
    status = IntegerField()
    activate_date = DateTimeField(null=True, blank=True)
    deactivate_date = DateTimeField(null=True, blank=True)
    objects = ActivatorModelManager()
    class Meta:
        abstract = True
        ordering = ['status', '-activate_date']
    def save(self, *args, **kwargs): ...
