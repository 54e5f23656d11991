from django.contrib.contenttypes.fields import GenericRelation as GenericRelation
from django.contrib.contenttypes.models import ContentType as ContentType
from django.core.exceptions import FieldDoesNotExist as FieldDoesNotExist
from django.db.models import ForeignObjectRel as ForeignObjectRel
from django.db.models import ManyToManyRel as ManyToManyRel
from django.db.models import ProtectedError as ProtectedError
from drf_writable_nested import NestedCreateMixin as NestedCreateMixin
from drf_writable_nested import NestedUpdateMixin as NestedUpdateMixin
from drf_writable_nested import UniqueFieldsMixin as UniqueFieldsMixin
from rest_framework.serializers import ModelSerializer as ModelSerializer
from rest_framework.serializers import ValidationError as ValidationError

class BaseNestedModelSerializer(ModelSerializer):
    def update_or_create_reverse_relations(self, *args, **kwargs): ...
    def update_or_create_direct_relations(self, *args, **kwargs): ...
    def save(self, *args, **kwargs): ...
