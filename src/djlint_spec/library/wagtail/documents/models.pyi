from django.conf import settings as settings
from django.contrib.contenttypes.fields import GenericRelation as GenericRelation
from django.core.exceptions import ValidationError as ValidationError
from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import FileField as FileField
from django.db.models import ForeignKey as ForeignKey
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import PositiveBigIntegerField as PositiveBigIntegerField
from django.db.models import QuerySet as QuerySet
from django.dispatch import Signal as Signal
from taggit.managers import TaggableManager as TaggableManager
from wagtail.models import CollectionMember as CollectionMember
from wagtail.models import ReferenceIndex as ReferenceIndex

class DocumentQuerySet(QuerySet): ...
class AbstractDocument(CollectionMember, Model):
    title = CharField(max_length=255)
    file = FileField()
    created_at = DateTimeField(auto_now_add=True)
    uploaded_by_user = ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True)
    file_size = PositiveBigIntegerField(null=True)
    file_hash = CharField(blank=True, max_length=40)
    objects = Manager()
    class Meta:
        abstract = True
    def clean(self, *args, **kwargs): ...
    def is_stored_locally(self, *args, **kwargs): ...
    def open_file(self, *args, **kwargs): ...
    def get_file_size(self, *args, **kwargs): ...
    def get_file_hash(self, *args, **kwargs): ...
    @property
    def filename(self): ...
    @property
    def file_extension(self): ...
    @property
    def url(self): ...
    def get_usage(self, *args, **kwargs): ...
    @property
    def usage_url(self): ...
    def is_editable_by_user(self, *args, **kwargs): ...
    @property
    def content_type(self): ...
    @property
    def content_disposition(self): ...
class Document(AbstractDocument):
    tagged_items = GenericRelation('taggit.TaggedItem')
    class Meta:
        app_label = 'wagtaildocs'
def hash_filelike(*args, **kwargs): ...
