from redis.client import CacheConfig as CacheConfig
from redis.client import CacheInterface as CacheInterface
