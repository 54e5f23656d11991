from django.urls import LocalePrefixPattern as LocalePrefixPattern
from django.urls import ResolverMatch as ResolverMatch
from django.urls import URLPattern as URLPattern
from django.urls import URLResolver as URLResolver
