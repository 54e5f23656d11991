from django.conf import settings as settings
from django.core.exceptions import ImproperlyConfigured as ImproperlyConfigured
from django.core.exceptions import ValidationError as ValidationError
from django.db import IntegrityError as IntegrityError
from django.db.models import BigAutoField as BigAutoField
from django.db.models import BooleanField as BooleanField
from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import ForeignKey as ForeignKey
from django.db.models import IntegerField as IntegerField
from django.db.models import JSONField as JSONField
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import OneToOneField as OneToOneField
from django.db.models import TextField as TextField
from django.db.models import UUIDField as UUIDField

class ResourceJSONField(JSONField):
    def pre_save(self, *args, **kwargs): ...
    def get_db_prep_value(self, *args, **kwargs): ...
class ClientSecretField(CharField):
    def pre_save(self, *args, **kwargs): ...
class TokenChecksumField(CharField):
    def pre_save(self, *args, **kwargs): ...
class AbstractApplication(Model):
    id = BigAutoField(primary_key=True)
    client_id = CharField(unique=True, db_index=True, max_length=255)
    user = ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name='%(app_label)s_%(class)s', blank=True)
    redirect_uris = TextField(blank=True)
    post_logout_redirect_uris = TextField(blank=True)
    client_type = CharField(max_length=32)
    authorization_grant_type = CharField(max_length=44)
    client_secret = ClientSecretField(db_index=True, blank=True, max_length=255)
    hash_client_secret = BooleanField()
    name = CharField(blank=True, max_length=255)
    skip_authorization = BooleanField()
    created = DateTimeField(auto_now_add=True)
    updated = DateTimeField(auto_now=True)
    algorithm = CharField(blank=True, max_length=5)
    allowed_origins = TextField(blank=True)
    registration_source = CharField(max_length=32)
    cimd_expires_at = DateTimeField(null=True, blank=True)
    class Meta:
        abstract = True
    @property
    def default_redirect_uri(self): ...
    def redirect_uri_allowed(self, *args, **kwargs): ...
    def post_logout_redirect_uri_allowed(self, *args, **kwargs): ...
    def origin_allowed(self, *args, **kwargs): ...
    def clean(self, *args, **kwargs): ...
    def get_absolute_url(self, *args, **kwargs): ...
    def get_allowed_schemes(self, *args, **kwargs): ...
    def allows_grant_type(self, *args, **kwargs): ...
    def is_usable(self, *args, **kwargs): ...
    @property
    def jwk_key(self): ...
class ApplicationManager(Manager):
    def get_by_natural_key(self, *args, **kwargs): ...
class Application(AbstractApplication):
    objects = ApplicationManager()
    class Meta:
        app_label = 'oauth2_provider'
        swappable = 'OAUTH2_PROVIDER_APPLICATION_MODEL'
    def natural_key(self, *args, **kwargs): ...
class AbstractGrant(Model):
    id = BigAutoField(primary_key=True)
    user = ForeignKey(settings.AUTH_USER_MODEL, related_name='%(app_label)s_%(class)s')
    code = CharField(unique=True, max_length=255)
    application = ForeignKey('oauth2_provider.Application')
    expires = DateTimeField()
    redirect_uri = TextField()
    scope = TextField(blank=True)
    created = DateTimeField(auto_now_add=True)
    updated = DateTimeField(auto_now=True)
    code_challenge = CharField(blank=True, max_length=128)
    code_challenge_method = CharField(blank=True, max_length=10)
    nonce = CharField(blank=True, max_length=255)
    claims = TextField(blank=True)
    resource = ResourceJSONField(blank=True)
    class Meta:
        abstract = True
    def is_expired(self, *args, **kwargs): ...
    def redirect_uri_allowed(self, *args, **kwargs): ...
class Grant(AbstractGrant):
    objects = Manager()
    class Meta:
        app_label = 'oauth2_provider'
        swappable = 'OAUTH2_PROVIDER_GRANT_MODEL'
class AbstractAccessToken(Model):
    id = BigAutoField(primary_key=True)
    user = ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name='%(app_label)s_%(class)s', blank=True)
    source_refresh_token = OneToOneField('oauth2_provider.RefreshToken', null=True, related_name='refreshed_access_token', blank=True)
    token = TextField()
    token_checksum = TokenChecksumField(unique=True, db_index=True, max_length=64)
    id_token = OneToOneField('oauth2_provider.IDToken', null=True, related_name='access_token', blank=True)
    application = ForeignKey('oauth2_provider.Application', null=True, blank=True)
    expires = DateTimeField()
    scope = TextField(blank=True)
    resource = ResourceJSONField(blank=True)
    created = DateTimeField(auto_now_add=True)
    updated = DateTimeField(auto_now=True)
    class Meta:
        abstract = True
    def is_valid(self, *args, **kwargs): ...
    def is_expired(self, *args, **kwargs): ...
    def allows_audience(self, *args, **kwargs): ...
    def allow_scopes(self, *args, **kwargs): ...
    def revoke(self, *args, **kwargs): ...
    @property
    def scopes(self): ...
class AccessToken(AbstractAccessToken):
    objects = Manager()
    class Meta:
        app_label = 'oauth2_provider'
        swappable = 'OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL'
class AbstractRefreshToken(Model):
    id = BigAutoField(primary_key=True)
    user = ForeignKey(settings.AUTH_USER_MODEL, related_name='%(app_label)s_%(class)s')
    token = TextField()
    token_checksum = TokenChecksumField(max_length=64)
    application = ForeignKey('oauth2_provider.Application')
    access_token = OneToOneField('oauth2_provider.AccessToken', null=True, related_name='refresh_token', blank=True)
    token_family = UUIDField(null=True, blank=True)
    resource = ResourceJSONField(blank=True)
    created = DateTimeField(auto_now_add=True)
    updated = DateTimeField(auto_now=True)
    revoked = DateTimeField(null=True)
    class Meta:
        abstract = True
    @classmethod
    def revoke_family(cls, *args, **kwargs): ...
    def revoke(self, *args, **kwargs): ...
class RefreshToken(AbstractRefreshToken):
    objects = Manager()
    class Meta:
        app_label = 'oauth2_provider'
        swappable = 'OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL'
class AbstractIDToken(Model):
    id = BigAutoField(primary_key=True)
    user = ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name='%(app_label)s_%(class)s', blank=True)
    jti = UUIDField(unique=True)
    application = ForeignKey('oauth2_provider.Application', null=True, blank=True)
    expires = DateTimeField()
    scope = TextField(blank=True)
    created = DateTimeField(auto_now_add=True)
    updated = DateTimeField(auto_now=True)
    class Meta:
        abstract = True
    def is_valid(self, *args, **kwargs): ...
    def is_expired(self, *args, **kwargs): ...
    def allow_scopes(self, *args, **kwargs): ...
    def revoke(self, *args, **kwargs): ...
    @property
    def scopes(self): ...
class IDToken(AbstractIDToken):
    objects = Manager()
    class Meta:
        app_label = 'oauth2_provider'
        swappable = 'OAUTH2_PROVIDER_ID_TOKEN_MODEL'
class AbstractDeviceGrant(Model):
    id = BigAutoField(primary_key=True)
    user = ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name='%(app_label)s_%(class)s', blank=True)
    device_code = CharField(max_length=100)
    user_code = CharField(max_length=100)
    scope = TextField(blank=True)
    interval = IntegerField()
    expires = DateTimeField()
    status = CharField(blank=True, max_length=64)
    client_id = CharField(db_index=True, max_length=100)
    last_checked = DateTimeField(auto_now=True)
    class Meta:
        abstract = True
    def is_expired(self, *args, **kwargs): ...
class DeviceGrant(AbstractDeviceGrant):
    objects = Manager()
    class Meta:
        app_label = 'oauth2_provider'
        swappable = 'OAUTH2_PROVIDER_DEVICE_GRANT_MODEL'
class DeviceRequest:
    scope = None
class DeviceCodeResponse:
    verification_uri_complete = None
class AllowedURIValidator: ...
def generate_client_id(*args, **kwargs): ...
def generate_client_secret(*args, **kwargs): ...
def get_scopes_backend(*args, **kwargs): ...
def set_token_value(*args, **kwargs): ...
def create_device_grant(*args, **kwargs): ...
def get_application_model(*args, **kwargs): ...
def get_device_grant_model(*args, **kwargs): ...
def get_grant_model(*args, **kwargs): ...
def get_access_token_model(*args, **kwargs): ...
def get_id_token_model(*args, **kwargs): ...
def get_refresh_token_model(*args, **kwargs): ...
def get_application_admin_class(*args, **kwargs): ...
def get_access_token_admin_class(*args, **kwargs): ...
def get_grant_admin_class(*args, **kwargs): ...
def get_id_token_admin_class(*args, **kwargs): ...
def get_refresh_token_admin_class(*args, **kwargs): ...
def refresh_token_expire_timedelta(*args, **kwargs): ...
def revoke_access_token(*args, **kwargs): ...
def clear_expired(*args, **kwargs): ...
def check_redirect_to_uri_allowed(*args, **kwargs): ...
def redirect_to_uri_allowed(*args, **kwargs): ...
def is_origin_allowed(*args, **kwargs): ...
