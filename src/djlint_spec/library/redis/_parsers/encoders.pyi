from redis.client import Encoder as Encoder
