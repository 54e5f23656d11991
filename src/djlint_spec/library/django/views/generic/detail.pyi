from django.core.exceptions import ImproperlyConfigured as ImproperlyConfigured
from django.http import Http404 as Http404
from django.views import View as View
from django.views.generic import DetailView as DetailView
from django.views.generic.base import ContextMixin as ContextMixin
from django.views.generic.base import TemplateResponseMixin as TemplateResponseMixin

class SingleObjectMixin(ContextMixin):
    model = None
    queryset = None
    slug_field = 'slug'
    context_object_name = None
    slug_url_kwarg = 'slug'
    pk_url_kwarg = 'pk'
    query_pk_and_slug = False
    def get_object(self, *args, **kwargs): ...
    def get_queryset(self, *args, **kwargs): ...
    def get_slug_field(self, *args, **kwargs): ...
    def get_context_object_name(self, *args, **kwargs): ...
    def get_context_data(self, *args, **kwargs): ...
class BaseDetailView(SingleObjectMixin, View):
    def get(self, *args, **kwargs): ...
class SingleObjectTemplateResponseMixin(TemplateResponseMixin):
    template_name_field = None
    template_name_suffix = '_detail'
    def get_template_names(self, *args, **kwargs): ...
