from django.views.generic.base import TemplateResponse as TemplateResponse
