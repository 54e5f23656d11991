from django.conf import settings as settings
from django.contrib.auth.models import Group as Group
from django.contrib.auth.models import Permission as Permission
from django.contrib.contenttypes.fields import GenericForeignKey as GenericForeignKey
from django.db.models import CharField as CharField
from django.db.models import ForeignKey as ForeignKey
from django.db.models import Manager as Manager
from django.db.models import Model as Model

class BaseGenericObjectPermission(Model):
    content_type = ForeignKey('contenttypes.ContentType')
    object_pk = CharField(max_length=255)
    content_object = GenericForeignKey()
    class Meta:
        abstract = True
class BaseObjectPermission(Model):
    permission = ForeignKey('auth.Permission')
    class Meta:
        abstract = True
    def save(self, *args, **kwargs): ...
class GroupObjectPermissionBase(BaseObjectPermission):
    group = ForeignKey('auth.Group')
    objects = Manager()
    class Meta:
        abstract = True
class GroupObjectPermissionAbstract(GroupObjectPermissionBase, BaseGenericObjectPermission):
    content_object = GenericForeignKey()
    class Meta:
        abstract = True
class GroupObjectPermission(GroupObjectPermissionAbstract):
    content_object = GenericForeignKey()
    class Meta:
        app_label = 'guardian'
class UserObjectPermissionBase(BaseObjectPermission):
    user = ForeignKey(settings.AUTH_USER_MODEL)
    objects = Manager()
    class Meta:
        abstract = True
class UserObjectPermissionAbstract(UserObjectPermissionBase, BaseGenericObjectPermission):
    content_object = GenericForeignKey()
    class Meta:
        abstract = True
class UserObjectPermission(UserObjectPermissionAbstract):
    content_object = GenericForeignKey()
    class Meta:
        app_label = 'guardian'
