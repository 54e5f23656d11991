from wagtail.models import SpecificMixin as SpecificMixin
