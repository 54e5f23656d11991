from django.views.generic.list import InvalidPage as InvalidPage
from django.views.generic.list import Paginator as Paginator
