from django.core.exceptions import FieldDoesNotExist as FieldDoesNotExist
from django.db.models import Manager as Manager

class CurrentSiteManager(Manager):
    use_in_migrations = True
    def check(self, *args, **kwargs): ...
    def get_queryset(self, *args, **kwargs): ...
