from wagtail.models import DraftStateMixin as DraftStateMixin
