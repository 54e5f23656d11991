from rest_framework.views import Request as Request
from rest_framework.renderers import override_method as override_method
