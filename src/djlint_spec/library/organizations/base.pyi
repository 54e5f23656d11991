from django.contrib.contenttypes.fields import ModelBase as ModelBase
from django.core.exceptions import FieldDoesNotExist as FieldDoesNotExist
from django.db.models import BooleanField as BooleanField
from django.db.models import CharField as CharField
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import UUIDField as UUIDField

class OrgMeta(ModelBase):
    def update_org(self, *args, **kwargs): ...
    def update_org_users(self, *args, **kwargs): ...
    def update_org_owner(self, *args, **kwargs): ...
    def update_org_invite(self, *args, **kwargs): ...
class AbstractBaseOrganization(Model):
    name = CharField(max_length=200)
    is_active = BooleanField()
    objects = OrgManager()
    active = ActiveOrgManager()
    class Meta:
        abstract = True
        ordering = ['name']
    @property
    def user_relation_name(self): ...
    def is_member(self, *args, **kwargs): ...
    async def ais_member(self, *args, **kwargs): ...
class OrganizationBase(AbstractBaseOrganization):
    class Meta:
        abstract = True
        ordering = ['name']
    def add_user(self, *args, **kwargs): ...
    async def aadd_user(self, *args, **kwargs): ...
class AbstractBaseOrganizationUser(Model):
    class Meta:
        abstract = True
        ordering = ['organization', 'user']
    @property
    def name(self): ...
class OrganizationUserBase(AbstractBaseOrganizationUser):
    class Meta:
        abstract = True
        ordering = ['organization', 'user']
class AbstractBaseOrganizationOwner(Model):
    class Meta:
        abstract = True
class OrganizationOwnerBase(AbstractBaseOrganizationOwner):
    class Meta:
        abstract = True
class AbstractBaseInvitation(Model):
    guid = UUIDField()
    invitee_identifier = CharField(max_length=1000)
    class Meta:
        abstract = True
    def save(self, *args, **kwargs): ...
    def get_absolute_url(self, *args, **kwargs): ...
    def activation_kwargs(self, *args, **kwargs): ...
    def activate(self, *args, **kwargs): ...
    async def aactivate(self, *args, **kwargs): ...
    def invitation_token(self, *args, **kwargs): ...
class OrganizationInvitationBase(AbstractBaseInvitation):
    class Meta:
        abstract = True
class OrgManager(Manager):
    def get_for_user(self, *args, **kwargs): ...
class ActiveOrgManager(OrgManager):
    def get_queryset(self, *args, **kwargs): ...
def with_metaclass(*args, **kwargs): ...
