from redis.client import PubSubDirection as PubSubDirection
