from redis.asyncio import RedisCluster as RedisCluster
