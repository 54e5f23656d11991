from redis import DriverInfo as DriverInfo
