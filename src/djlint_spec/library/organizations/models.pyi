from django.conf import settings as settings
from django.db.models import ForeignKey as ForeignKey
from django.db.models import Manager as Manager
from django.db.models import ManyToManyField as ManyToManyField
from django.db.models import OneToOneField as OneToOneField
from organizations.abstract import AbstractOrganization as AbstractOrganization
from organizations.abstract import AbstractOrganizationInvitation as AbstractOrganizationInvitation
from organizations.abstract import AbstractOrganizationOwner as AbstractOrganizationOwner
from organizations.abstract import AbstractOrganizationUser as AbstractOrganizationUser

class Organization(AbstractOrganization):
    users = ManyToManyField(settings.AUTH_USER_MODEL, related_name='%(app_label)s_%(class)s', through='organizations.OrganizationUser')
    class Meta:
        app_label = 'organizations'
        ordering = ['name']
class OrganizationUser(AbstractOrganizationUser):
    user = ForeignKey(settings.AUTH_USER_MODEL, related_name='%(app_label)s_%(class)s')
    organization = ForeignKey('organizations.Organization', related_name='organization_users')
    objects = Manager()
    class Meta:
        app_label = 'organizations'
        ordering = ['organization', 'user']
class OrganizationOwner(AbstractOrganizationOwner):
    organization_user = OneToOneField('organizations.OrganizationUser')
    organization = OneToOneField('organizations.Organization', related_name='owner')
    objects = Manager()
    class Meta:
        app_label = 'organizations'
class OrganizationInvitation(AbstractOrganizationInvitation):
    invited_by = ForeignKey(settings.AUTH_USER_MODEL, related_name='%(app_label)s_%(class)s_sent_invitations')
    invitee = ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name='%(app_label)s_%(class)s_invitations', blank=True)
    organization = ForeignKey('organizations.Organization', related_name='organization_invites')
    objects = Manager()
    class Meta:
        app_label = 'organizations'
