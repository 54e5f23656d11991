from django.core.exceptions import ImproperlyConfigured as ImproperlyConfigured
from django.db.models import Model as Model
from django.db.models import QuerySet as QuerySet
from django.http import HttpRequest as HttpRequest
from django.http import QueryDict as QueryDict
from rest_framework.serializers import BaseSerializer as BaseSerializer
from rest_framework.views import Request as Request

class NestedViewSetMixin:
    def get_queryset(self, *args, **kwargs): ...
    def initial(self, *args, **kwargs): ...
