from redis.client import Retry as Retry
