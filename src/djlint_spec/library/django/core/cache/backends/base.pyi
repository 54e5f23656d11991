from django.core.cache import BaseCache as BaseCache
from django.core.cache import CacheKeyWarning as CacheKeyWarning
from django.core.cache import InvalidCacheBackendError as InvalidCacheBackendError
from django.core.cache import InvalidCacheKey as InvalidCacheKey
