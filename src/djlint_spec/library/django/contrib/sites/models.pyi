from django.core.exceptions import ImproperlyConfigured as ImproperlyConfigured
from django.core.exceptions import ValidationError as ValidationError
from django.db.models import CharField as CharField
from django.db.models import Manager as Manager
from django.db.models import Model as Model

class SiteManager(Manager):
    use_in_migrations = True
    def get_current(self, *args, **kwargs): ...
    def clear_cache(self, *args, **kwargs): ...
    def get_by_natural_key(self, *args, **kwargs): ...
class Site(Model):
    domain = CharField(unique=True, max_length=100)
    name = CharField(max_length=50)
    objects = SiteManager()
    class Meta:
        app_label = 'sites'
        ordering = ['domain']
    def natural_key(self, *args, **kwargs): ...
def split_domain_port(*args, **kwargs): ...
def clear_site_cache(*args, **kwargs): ...
