from django.test import AsyncClient as AsyncClient
from django.test import AsyncRequestFactory as AsyncRequestFactory
from django.test import Client as Client
from django.test import RequestFactory as RequestFactory
