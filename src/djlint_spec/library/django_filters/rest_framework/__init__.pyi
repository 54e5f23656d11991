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
from django_filters import FilterSet as FilterSet
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

class DjangoFilterBackend:
    raise_exception = True
    @property
    def template(self): ...
    def get_filterset(self, *args, **kwargs): ...
    def get_filterset_class(self, *args, **kwargs): ...
    def get_filterset_kwargs(self, *args, **kwargs): ...
    def filter_queryset(self, *args, **kwargs): ...
    def to_html(self, *args, **kwargs): ...
class BooleanFilter(BooleanFilter): ...
class FilterSet(FilterSet):
    @property
    def form(self): ...
