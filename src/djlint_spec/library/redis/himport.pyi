from redis.client import HImportRegistry as HImportRegistry
