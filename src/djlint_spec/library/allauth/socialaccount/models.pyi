from allauth.account.models import EmailAddress as EmailAddress
from django.conf import settings as settings
from django.contrib.auth.base_user import AbstractBaseUser as AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured as ImproperlyConfigured
from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import ForeignKey as ForeignKey
from django.db.models import JSONField as JSONField
from django.db.models import Manager as Manager
from django.db.models import ManyToManyField as ManyToManyField
from django.db.models import Model as Model
from django.db.models import TextField as TextField
from django.http import HttpRequest as HttpRequest

class SocialAppManager(Manager):
    def on_site(self, *args, **kwargs): ...
class SocialApp(Model):
    provider = CharField(max_length=30)
    provider_id = CharField(blank=True, max_length=200)
    name = CharField(max_length=40)
    client_id = CharField(max_length=191)
    secret = CharField(blank=True, max_length=191)
    key = CharField(blank=True, max_length=191)
    settings = JSONField(blank=True)
    sites = ManyToManyField('sites.Site', blank=True)
    objects = SocialAppManager()
    class Meta:
        app_label = 'socialaccount'
    def get_provider(self, *args, **kwargs): ...
class SocialAccount(Model):
    user = ForeignKey(settings.AUTH_USER_MODEL)
    provider = CharField(max_length=200)
    uid = CharField(max_length=191)
    last_login = DateTimeField(auto_now=True)
    date_joined = DateTimeField(auto_now_add=True)
    extra_data = JSONField()
    objects = Manager()
    class Meta:
        app_label = 'socialaccount'
    def authenticate(self, *args, **kwargs): ...
    def get_profile_url(self, *args, **kwargs): ...
    def get_avatar_url(self, *args, **kwargs): ...
    def get_provider(self, *args, **kwargs): ...
    def get_provider_account(self, *args, **kwargs): ...
class SocialToken(Model):
    app = ForeignKey('socialaccount.SocialApp', null=True, blank=True)
    account = ForeignKey('socialaccount.SocialAccount')
    token = TextField()
    token_secret = TextField(blank=True)
    expires_at = DateTimeField(null=True, blank=True)
    objects = Manager()
    class Meta:
        app_label = 'socialaccount'
class SocialLogin:
    def connect(self, *args, **kwargs): ...
    @property
    def is_headless(self): ...
    def serialize(self, *args, **kwargs): ...
    @classmethod
    def deserialize(cls, *args, **kwargs): ...
    def save(self, *args, **kwargs): ...
    @property
    def is_existing(self): ...
    def lookup(self, *args, **kwargs): ...
    def get_redirect_url(self, *args, **kwargs): ...
def get_account_adapter(*args, **kwargs): ...
def setup_user_email(*args, **kwargs): ...
def get_adapter(*args, **kwargs): ...
