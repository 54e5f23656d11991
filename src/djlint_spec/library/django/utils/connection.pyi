from django.core.cache import BaseConnectionHandler as BaseConnectionHandler
from django.core.cache import ConnectionProxy as ConnectionProxy
