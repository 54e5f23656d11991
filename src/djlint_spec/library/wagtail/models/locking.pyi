from wagtail.models import LockableMixin as LockableMixin
