from django.core.exceptions import ImproperlyConfigured as ImproperlyConfigured
from django.http import HttpResponse as HttpResponse
from django.http import HttpResponseGone as HttpResponseGone
from django.http import HttpResponseNotAllowed as HttpResponseNotAllowed
from django.http import HttpResponsePermanentRedirect as HttpResponsePermanentRedirect
from django.http import HttpResponseRedirect as HttpResponseRedirect
from django.utils.decorators import classonlymethod as classonlymethod
from django.utils.functional import classproperty as classproperty
from django.views import View as View
from django.views.generic import RedirectView as RedirectView
from django.views.generic import TemplateView as TemplateView

class ContextMixin:
    extra_context = None
    def get_context_data(self, *args, **kwargs): ...
class TemplateResponseMixin:
    template_name = None
    template_engine = None
    content_type = None
    def render_to_response(self, *args, **kwargs): ...
    def get_template_names(self, *args, **kwargs): ...
class TemplateResponse(HttpResponse):
    rendering_attrs = ['template_name', 'context_data', '_post_render_callbacks', '_request']
def reverse(*args, **kwargs): ...
def log_response(*args, **kwargs): ...
