from django.views.generic import RedirectView as RedirectView
from drf_spectacular.utils import OpenApiParameter as OpenApiParameter
from drf_spectacular.utils import OpenApiTypes as OpenApiTypes
from drf_spectacular.utils import extend_schema as extend_schema
from rest_framework.renderers import BaseRenderer as BaseRenderer
from rest_framework.renderers import JSONRenderer as JSONRenderer
from rest_framework.renderers import TemplateHTMLRenderer as TemplateHTMLRenderer
from rest_framework.response import Response as Response
from rest_framework.views import APIView as APIView

class SpectacularAPIView(APIView):
    serve_public = True
    urlconf = None
    api_version = None
    custom_settings = None
    patterns = None
    def get(self, *args, **kwargs): ...
class SpectacularYAMLAPIView(SpectacularAPIView): ...
class SpectacularJSONAPIView(SpectacularAPIView): ...
class SpectacularSwaggerView(APIView):
    url_name = 'schema'
    url = None
    template_name = 'drf_spectacular/swagger_ui.html'
    template_name_js = 'drf_spectacular/swagger_ui.js'
    title = ''
    def get(self, *args, **kwargs): ...
class SpectacularSwaggerSplitView(SpectacularSwaggerView):
    url_self = None
    def get(self, *args, **kwargs): ...
class SpectacularRedocView(APIView):
    url_name = 'schema'
    url = None
    template_name = 'drf_spectacular/redoc.html'
    title = ''
    def get(self, *args, **kwargs): ...
class SpectacularSwaggerOauthRedirectView(RedirectView):
    def get_redirect_url(self, *args, **kwargs): ...
class SchemaGenerator:
    def coerce_path(self, *args, **kwargs): ...
    def create_view(self, *args, **kwargs): ...
    def parse(self, *args, **kwargs): ...
    def get_schema(self, *args, **kwargs): ...
class OpenApiJsonRenderer(JSONRenderer):
    media_type = 'application/vnd.oai.openapi+json'
    def get_indent(self, *args, **kwargs): ...
class OpenApiJsonRenderer2(OpenApiJsonRenderer):
    media_type = 'application/json'
class OpenApiYamlRenderer(BaseRenderer):
    media_type = 'application/vnd.oai.openapi'
    format = 'yaml'
    def render(self, *args, **kwargs): ...
class OpenApiYamlRenderer2(OpenApiYamlRenderer):
    media_type = 'application/yaml'
def get_relative_url(*args, **kwargs): ...
def set_query_parameters(*args, **kwargs): ...
def patched_settings(*args, **kwargs): ...
