from wagtail.api.v2.views import AncestorOfFilter as AncestorOfFilter
from wagtail.api.v2.views import ChildOfFilter as ChildOfFilter
from wagtail.api.v2.views import DescendantOfFilter as DescendantOfFilter
from wagtail.api.v2.views import FieldsFilter as FieldsFilter
from wagtail.api.v2.views import LocaleFilter as LocaleFilter
from wagtail.api.v2.views import OrderingFilter as OrderingFilter
from wagtail.api.v2.views import SearchFilter as SearchFilter
from wagtail.api.v2.views import TranslationOfFilter as TranslationOfFilter
