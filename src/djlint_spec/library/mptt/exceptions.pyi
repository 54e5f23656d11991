from mptt.managers import CantDisableUpdates as CantDisableUpdates
from mptt.managers import InvalidMove as InvalidMove
