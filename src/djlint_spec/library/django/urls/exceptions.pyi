from django.contrib.admin.models import NoReverseMatch as NoReverseMatch
from django.urls import Resolver404 as Resolver404
