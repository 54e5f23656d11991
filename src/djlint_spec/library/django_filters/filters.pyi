from django.db.models import Q as Q
from django.forms import ChoiceField as ChoiceField
from django.forms import DateTimeField as DateTimeField
from django.forms import Field as Field
from django.forms import ModelChoiceField as ModelChoiceField
from django.forms import ModelMultipleChoiceField as ModelMultipleChoiceField
from django.forms import MultiValueField as MultiValueField
from django.forms import MultipleChoiceField as MultipleChoiceField
from django_filters import AllValuesFilter as AllValuesFilter
from django_filters import AllValuesMultipleFilter as AllValuesMultipleFilter
from django_filters import BaseCSVFilter as BaseCSVFilter
from django_filters import BaseInFilter as BaseInFilter
from django_filters import BaseRangeFilter as BaseRangeFilter
from django_filters import BooleanFilter as BooleanFilter
from django_filters import CharFilter as CharFilter
from django_filters import ChoiceFilter as ChoiceFilter
from django_filters import DateFilter as DateFilter
from django_filters import DateFromToRangeFilter as DateFromToRangeFilter
from django_filters import DateRangeFilter as DateRangeFilter
from django_filters import DateTimeFilter as DateTimeFilter
from django_filters import DateTimeFromToRangeFilter as DateTimeFromToRangeFilter
from django_filters import DurationFilter as DurationFilter
from django_filters import Filter as Filter
from django_filters import IsoDateTimeFilter as IsoDateTimeFilter
from django_filters import IsoDateTimeFromToRangeFilter as IsoDateTimeFromToRangeFilter
from django_filters import LookupChoiceFilter as LookupChoiceFilter
from django_filters import ModelChoiceFilter as ModelChoiceFilter
from django_filters import ModelMultipleChoiceFilter as ModelMultipleChoiceFilter
from django_filters import MultipleChoiceFilter as MultipleChoiceFilter
from django_filters import NumberFilter as NumberFilter
from django_filters import NumericRangeFilter as NumericRangeFilter
from django_filters import OrderingFilter as OrderingFilter
from django_filters import RangeFilter as RangeFilter
from django_filters import TimeFilter as TimeFilter
from django_filters import TimeRangeFilter as TimeRangeFilter
from django_filters import TypedChoiceFilter as TypedChoiceFilter
from django_filters import TypedMultipleChoiceFilter as TypedMultipleChoiceFilter
from django_filters import UUIDFilter as UUIDFilter

class QuerySetRequestMixin:
    def get_request(self, *args, **kwargs): ...
    def get_queryset(self, *args, **kwargs): ...
    @property
    def field(self): ...
class FilterMethod:
    @property
    def method(self): ...
class BaseCSVField(Field):
    def clean(self, *args, **kwargs): ...
class BaseRangeField(BaseCSVField):
    def clean(self, *args, **kwargs): ...
class ChoiceField(ChoiceField): ...
class RangeField(MultiValueField):
    def compress(self, *args, **kwargs): ...
class DateRangeField(RangeField):
    def compress(self, *args, **kwargs): ...
class DateTimeRangeField(RangeField): ...
class IsoDateTimeField(DateTimeField):
    ISO_8601 = 'iso-8601'
    input_formats = ['iso-8601']
    def strptime(self, *args, **kwargs): ...
class IsoDateTimeRangeField(RangeField): ...
class LookupChoiceField(MultiValueField):
    def compress(self, *args, **kwargs): ...
class ModelChoiceField(ModelChoiceField):
    def to_python(self, *args, **kwargs): ...
class ModelMultipleChoiceField(ModelMultipleChoiceField): ...
class MultipleChoiceField(MultipleChoiceField): ...
class TimeRangeField(RangeField): ...
def get_model_field(*args, **kwargs): ...
def label_for_filter(*args, **kwargs): ...
