from mptt.managers import TreeQuerySet as TreeQuerySet
