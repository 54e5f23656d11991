from django.contrib.contenttypes.fields import GenericForeignKey as GenericForeignKey
from django.contrib.contenttypes.models import ContentType as ContentType
from django.db import IntegrityError as IntegrityError
from django.db.models import CharField as CharField
from django.db.models import ForeignKey as ForeignKey
from django.db.models import IntegerField as IntegerField
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import SlugField as SlugField
from django.db.models import UUIDField as UUIDField

class NaturalKeyManager(Manager):
    def get_by_natural_key(self, *args, **kwargs): ...
class NaturalKeyModel(Model):
    class Meta:
        abstract = True
    def natural_key(self, *args, **kwargs): ...
class TagBase(NaturalKeyModel):
    name = CharField(unique=True, max_length=100)
    slug = SlugField(unique=True, max_length=100)
    objects = NaturalKeyManager()
    class Meta:
        abstract = True
    def save(self, *args, **kwargs): ...
    def slugify(self, *args, **kwargs): ...
class Tag(TagBase):
    class Meta:
        app_label = 'taggit'
class ItemBase(NaturalKeyModel):
    objects = NaturalKeyManager()
    class Meta:
        abstract = True
    @classmethod
    def tag_model(cls, *args, **kwargs): ...
    @classmethod
    def tag_relname(cls, *args, **kwargs): ...
    @classmethod
    def lookup_kwargs(cls, *args, **kwargs): ...
    @classmethod
    def tags_for(cls, *args, **kwargs): ...
class TaggedItemBase(ItemBase):
    tag = ForeignKey('taggit.Tag', related_name='%(app_label)s_%(class)s_items')
    class Meta:
        abstract = True
class CommonGenericTaggedItemBase(ItemBase):
    content_type = ForeignKey('contenttypes.ContentType', related_name='%(app_label)s_%(class)s_tagged_items')
    content_object = GenericForeignKey()
    class Meta:
        abstract = True
    @classmethod
    def lookup_kwargs(cls, *args, **kwargs): ...
    @classmethod
    def tags_for(cls, *args, **kwargs): ...
class GenericTaggedItemBase(CommonGenericTaggedItemBase):
    object_id = IntegerField(db_index=True)
    content_object = GenericForeignKey()
    class Meta:
        abstract = True
class GenericUUIDTaggedItemBase(CommonGenericTaggedItemBase):
    object_id = UUIDField(db_index=True)
    content_object = GenericForeignKey()
    class Meta:
        abstract = True
class TaggedItem(GenericTaggedItemBase, TaggedItemBase):
    content_object = GenericForeignKey()
    class Meta:
        app_label = 'taggit'
def unidecode(*args, **kwargs): ...
