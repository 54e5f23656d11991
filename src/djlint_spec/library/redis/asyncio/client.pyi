from redis.asyncio import Redis as Redis
