from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import ObjectDoesNotExist as ObjectDoesNotExist
from django.forms import FilePathField as DjangoFilePathField
from django.forms import ImageField as DjangoImageField
from rest_framework.serializers import BigIntegerField as BigIntegerField
from rest_framework.serializers import BooleanField as BooleanField
from rest_framework.serializers import CharField as CharField
from rest_framework.serializers import ChoiceField as ChoiceField
from rest_framework.serializers import CreateOnlyDefault as CreateOnlyDefault
from rest_framework.serializers import CurrentUserDefault as CurrentUserDefault
from rest_framework.serializers import DateField as DateField
from rest_framework.serializers import DateTimeField as DateTimeField
from rest_framework.serializers import DecimalField as DecimalField
from rest_framework.serializers import DictField as DictField
from rest_framework.serializers import DurationField as DurationField
from rest_framework.serializers import EmailField as EmailField
from rest_framework.serializers import ErrorDetail as ErrorDetail
from rest_framework.serializers import Field as Field
from rest_framework.serializers import FileField as FileField
from rest_framework.serializers import FilePathField as FilePathField
from rest_framework.serializers import FloatField as FloatField
from rest_framework.serializers import HStoreField as HStoreField
from rest_framework.serializers import HiddenField as HiddenField
from rest_framework.serializers import IPAddressField as IPAddressField
from rest_framework.serializers import ImageField as ImageField
from rest_framework.serializers import IntegerField as IntegerField
from rest_framework.serializers import JSONField as JSONField
from rest_framework.serializers import ListField as ListField
from rest_framework.serializers import ModelField as ModelField
from rest_framework.serializers import MultipleChoiceField as MultipleChoiceField
from rest_framework.serializers import ReadOnlyField as ReadOnlyField
from rest_framework.serializers import RegexField as RegexField
from rest_framework.serializers import SerializerMethodField as SerializerMethodField
from rest_framework.serializers import SkipField as SkipField
from rest_framework.serializers import SlugField as SlugField
from rest_framework.serializers import TimeField as TimeField
from rest_framework.serializers import URLField as URLField
from rest_framework.serializers import UUIDField as UUIDField
from rest_framework.serializers import ValidationError as ValidationError
from rest_framework.serializers import empty as empty

class BuiltinSignatureError: ...
class lazy_format: ...
class ProhibitSurrogateCharactersValidator:
    code = 'surrogate_characters_not_allowed'
def valid_datetime(*args, **kwargs): ...
def is_simple_callable(*args, **kwargs): ...
def get_attribute(*args, **kwargs): ...
def to_choices_dict(*args, **kwargs): ...
def flatten_choices_dict(*args, **kwargs): ...
def iter_options(*args, **kwargs): ...
def get_error_detail(*args, **kwargs): ...
