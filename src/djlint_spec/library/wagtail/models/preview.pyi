from wagtail.models import PreviewableMixin as PreviewableMixin
