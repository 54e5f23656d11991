from django.contrib.sites.models import Site as Site
from django.db.models import CharField as CharField
from django.db.models import ForeignKey as ForeignKey
from django.db.models import Manager as Manager
from django.db.models import Model as Model

class Redirect(Model):
    site = ForeignKey('sites.Site')
    old_path = CharField(db_index=True, max_length=200)
    new_path = CharField(blank=True, max_length=200)
    objects = Manager()
    class Meta:
        app_label = 'redirects'
        ordering = ['old_path']
