from django.contrib.admin.models import NoReverseMatch as NoReverseMatch
from django.contrib.sites.models import Site as Site
from django.db.models import BooleanField as BooleanField
from django.db.models import CharField as CharField
from django.db.models import Manager as Manager
from django.db.models import ManyToManyField as ManyToManyField
from django.db.models import Model as Model
from django.db.models import TextField as TextField

class FlatPage(Model):
    url = CharField(db_index=True, max_length=100)
    title = CharField(max_length=200)
    content = TextField(blank=True)
    enable_comments = BooleanField()
    template_name = CharField(blank=True, max_length=70)
    registration_required = BooleanField()
    sites = ManyToManyField('sites.Site')
    objects = Manager()
    class Meta:
        app_label = 'flatpages'
        ordering = ['url']
    def get_absolute_url(self, *args, **kwargs): ...
def get_script_prefix(*args, **kwargs): ...
def reverse(*args, **kwargs): ...
def iri_to_uri(*args, **kwargs): ...
