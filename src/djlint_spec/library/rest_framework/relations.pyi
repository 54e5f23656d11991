from django.contrib.admin.models import NoReverseMatch as NoReverseMatch
from django.core.exceptions import ImproperlyConfigured as ImproperlyConfigured
from django.db.models import Manager as Manager
from django.db.models import ObjectDoesNotExist as ObjectDoesNotExist
from django.db.models import QuerySet as QuerySet
from django.urls import Resolver404 as Resolver404
from rest_framework.fields import get_attribute as get_attribute
from rest_framework.fields import is_simple_callable as is_simple_callable
from rest_framework.fields import iter_options as iter_options
from rest_framework.reverse import reverse as reverse
from rest_framework.serializers import Field as Field
from rest_framework.serializers import Hyperlink as Hyperlink
from rest_framework.serializers import HyperlinkedIdentityField as HyperlinkedIdentityField
from rest_framework.serializers import HyperlinkedRelatedField as HyperlinkedRelatedField
from rest_framework.serializers import ManyRelatedField as ManyRelatedField
from rest_framework.serializers import PKOnlyObject as PKOnlyObject
from rest_framework.serializers import PrimaryKeyRelatedField as PrimaryKeyRelatedField
from rest_framework.serializers import RelatedField as RelatedField
from rest_framework.serializers import SkipField as SkipField
from rest_framework.serializers import SlugRelatedField as SlugRelatedField
from rest_framework.serializers import StringRelatedField as StringRelatedField
from rest_framework.serializers import empty as empty

class ObjectValueError: ...
class ObjectTypeError: ...
def method_overridden(*args, **kwargs): ...
