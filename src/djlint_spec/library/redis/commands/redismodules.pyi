from redis.client import RedisModuleCommands as RedisModuleCommands
