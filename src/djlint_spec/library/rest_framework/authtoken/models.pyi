from django.conf import settings as settings
from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import OneToOneField as OneToOneField
from django.db.models import QuerySet as QuerySet

class Token(Model):
    key = CharField(primary_key=True, max_length=40)
    user = OneToOneField(settings.AUTH_USER_MODEL, related_name='auth_token')
    created = DateTimeField(auto_now_add=True)
    objects = Manager()
    class Meta:
        app_label = 'authtoken'
    def save(self, *args, **kwargs): ...
    @classmethod
    def generate_key(cls, *args, **kwargs): ...
class TokenProxyQuerySet(QuerySet):
    def delete(self, *args, **kwargs): ...
class TokenProxy(Token):
    objects = Manager()
    class Meta:
        app_label = 'authtoken'
        proxy = True
    @property
    def pk(self): ...
    def delete(self, *args, **kwargs): ...
