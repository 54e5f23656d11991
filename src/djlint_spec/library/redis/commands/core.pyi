from redis.client import CoreCommands as CoreCommands
from redis.client import Script as Script
