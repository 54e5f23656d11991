from django.contrib.contenttypes.fields import FieldCacheMixin as FieldCacheMixin
