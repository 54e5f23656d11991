from rest_framework_extensions.cache.decorators import CacheResponse as cache_response

class BaseCacheResponseMixin:
    object_cache_timeout = None
    list_cache_timeout = None
class ListCacheResponseMixin(BaseCacheResponseMixin):
    def list(self, *args, **kwargs): ...
class RetrieveCacheResponseMixin(BaseCacheResponseMixin):
    def retrieve(self, *args, **kwargs): ...
class CacheResponseMixin(RetrieveCacheResponseMixin, ListCacheResponseMixin): ...
