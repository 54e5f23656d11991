from redis.client import SentinelCommands as SentinelCommands
