from django.conf import settings as settings
from django.contrib.contenttypes.fields import GenericForeignKey as GenericForeignKey
from django.contrib.contenttypes.models import ContentType as ContentType
from django.db import IntegrityError as IntegrityError
from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import ForeignKey as ForeignKey
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import ObjectDoesNotExist as ObjectDoesNotExist
from django.db.models import QuerySet as QuerySet
from django.db.models import TextField as TextField
from django.db.models.functions import Cast as Cast
from django.utils.functional import cached_property as cached_property

class Revision(Model):
    date_created = DateTimeField(db_index=True)
    user = ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True)
    comment = TextField(blank=True)
    objects = Manager()
    class Meta:
        app_label = 'reversion'
        ordering = ['-pk']
    def get_comment(self, *args, **kwargs): ...
    def revert(self, *args, **kwargs): ...
class VersionQuerySet(QuerySet):
    def get_for_model(self, *args, **kwargs): ...
    def get_for_object_reference(self, *args, **kwargs): ...
    def get_for_object(self, *args, **kwargs): ...
    def get_deleted(self, *args, **kwargs): ...
    def get_unique(self, *args, **kwargs): ...
class Version(Model):
    revision = ForeignKey('reversion.Revision')
    object_id = CharField(max_length=191)
    content_type = ForeignKey('contenttypes.ContentType')
    db = CharField(max_length=191)
    format = CharField(max_length=255)
    serialized_data = TextField()
    object_repr = TextField()
    object = GenericForeignKey()
    objects = Manager()
    class Meta:
        app_label = 'reversion'
        ordering = ['-pk']
    @property
    def field_dict(self): ...
    def revert(self, *args, **kwargs): ...
class RevertError: ...
