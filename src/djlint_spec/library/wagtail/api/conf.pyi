from wagtail.contrib.forms.models import APIField as APIField
