from wagtail.contrib.forms.models import FieldPanel as FieldPanel
