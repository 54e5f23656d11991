from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import TextField as TextField

class BaseSessionManager(Manager):
    def encode(self, *args, **kwargs): ...
    def save(self, *args, **kwargs): ...
class AbstractBaseSession(Model):
    session_key = CharField(primary_key=True, max_length=40)
    session_data = TextField()
    expire_date = DateTimeField(db_index=True)
    objects = BaseSessionManager()
    class Meta:
        abstract = True
    @classmethod
    def get_session_store_class(cls, *args, **kwargs): ...
    def get_decoded(self, *args, **kwargs): ...
