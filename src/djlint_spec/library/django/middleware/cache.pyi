from django.views.decorators.cache import CacheMiddleware as CacheMiddleware
