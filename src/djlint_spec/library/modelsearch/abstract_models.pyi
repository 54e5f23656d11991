from django.contrib.contenttypes.models import ContentType
from django.db.models import FloatField, ForeignKey, Manager, Model, TextField

class BaseIndexEntry(Model):
    content_type = ForeignKey(ContentType, related_name="+")
    object_id = TextField()
    title_norm = FloatField()
    objects = Manager()
    class Meta:
        abstract = True

class AbstractIndexEntry(BaseIndexEntry):
    class Meta(BaseIndexEntry.Meta):
        abstract = True

class AbstractSQLiteFTSIndexEntry(Model):
    autocomplete = TextField(null=True)
    title = TextField()
    body = TextField(null=True)
    class Meta:
        abstract = True
