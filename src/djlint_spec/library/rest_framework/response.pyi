from django.http import HttpResponse as HttpResponse
from rest_framework.serializers import Serializer as Serializer

class Response(HttpResponse):
    @property
    def rendered_content(self): ...
    @property
    def status_text(self): ...
