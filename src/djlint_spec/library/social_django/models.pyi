from django.conf import settings as settings
from django.db import IntegrityError as IntegrityError
from django.db.models import BooleanField as BooleanField
from django.db.models import CharField as CharField
from django.db.models import DateTimeField as DateTimeField
from django.db.models import EmailField as EmailField
from django.db.models import ForeignKey as ForeignKey
from django.db.models import IntegerField as IntegerField
from django.db.models import JSONField as JSONField
from django.db.models import Manager as Manager
from django.db.models import Model as Model
from django.db.models import PositiveSmallIntegerField as PositiveSmallIntegerField

class DjangoUserMixin:
    @classmethod
    def user_model(cls, *args, **kwargs): ...
    @classmethod
    def changed(cls, *args, **kwargs): ...
    def set_extra_data(self, *args, **kwargs): ...
    @classmethod
    def allowed_to_disconnect(cls, *args, **kwargs): ...
    @classmethod
    def disconnect(cls, *args, **kwargs): ...
    @classmethod
    def username_field(cls, *args, **kwargs): ...
    @classmethod
    def user_exists(cls, *args, **kwargs): ...
    @classmethod
    def get_username(cls, *args, **kwargs): ...
    @classmethod
    def create_user(cls, *args, **kwargs): ...
    @classmethod
    def filter_users(cls, *args, **kwargs): ...
    @classmethod
    def filter_active_users(cls, *args, **kwargs): ...
    @classmethod
    def get_user(cls, *args, **kwargs): ...
    @classmethod
    def get_users_by_email(cls, *args, **kwargs): ...
    @classmethod
    def get_social_auth(cls, *args, **kwargs): ...
    @classmethod
    def get_social_auth_by_extra_data(cls, *args, **kwargs): ...
    @classmethod
    def get_social_auth_for_user(cls, *args, **kwargs): ...
    @classmethod
    def create_social_auth(cls, *args, **kwargs): ...
    @classmethod
    def migrate_social_auth(cls, *args, **kwargs): ...
class AbstractUserSocialAuth(Model, DjangoUserMixin):
    user = ForeignKey(settings.AUTH_USER_MODEL, related_name='social_auth')
    provider = CharField(max_length=32)
    id_key = CharField(blank=True, max_length=255)
    uid = CharField(db_index=True, max_length=255)
    extra_data = JSONField(blank=True)
    created = DateTimeField(auto_now_add=True)
    modified = DateTimeField(auto_now=True)
    objects = UserSocialAuthManager()
    class Meta:
        abstract = True
    @classmethod
    def get_social_auth(cls, *args, **kwargs): ...
    @classmethod
    def username_max_length(cls, *args, **kwargs): ...
    @classmethod
    def user_model(cls, *args, **kwargs): ...
class UserSocialAuth(AbstractUserSocialAuth):
    class Meta:
        app_label = 'social_django'
class DjangoNonceMixin:
    @classmethod
    def use(cls, *args, **kwargs): ...
    @classmethod
    def get(cls, *args, **kwargs): ...
    @classmethod
    def delete(cls, *args, **kwargs): ...
    @classmethod
    def consume(cls, *args, **kwargs): ...
class Nonce(Model, DjangoNonceMixin):
    server_url = CharField(max_length=255)
    timestamp = IntegerField(db_index=True)
    salt = CharField(max_length=65)
    objects = Manager()
    class Meta:
        app_label = 'social_django'
class DjangoAssociationMixin:
    @classmethod
    def cleanup_expired(cls, *args, **kwargs): ...
    @classmethod
    def store(cls, *args, **kwargs): ...
    @classmethod
    def get(cls, *args, **kwargs): ...
    @classmethod
    def remove(cls, *args, **kwargs): ...
class Association(Model, DjangoAssociationMixin):
    server_url = CharField(max_length=255)
    handle = CharField(max_length=255)
    secret = CharField(max_length=255)
    issued = IntegerField()
    lifetime = IntegerField()
    assoc_type = CharField(max_length=64)
    objects = Manager()
    class Meta:
        app_label = 'social_django'
class DjangoCodeMixin:
    def is_expired(self, *args, **kwargs): ...
    @classmethod
    def get_code(cls, *args, **kwargs): ...
class Code(Model, DjangoCodeMixin):
    email = EmailField(max_length=254)
    code = CharField(db_index=True, max_length=32)
    verified = BooleanField()
    timestamp = DateTimeField(db_index=True, auto_now_add=True)
    objects = Manager()
    class Meta:
        app_label = 'social_django'
class DjangoPartialMixin:
    @classmethod
    def load(cls, *args, **kwargs): ...
    @classmethod
    def destroy(cls, *args, **kwargs): ...
class Partial(Model, DjangoPartialMixin):
    token = CharField(db_index=True, max_length=32)
    next_step = PositiveSmallIntegerField()
    backend = CharField(max_length=32)
    data = JSONField()
    timestamp = DateTimeField(db_index=True, auto_now_add=True)
    objects = Manager()
    class Meta:
        app_label = 'social_django'
class BaseDjangoStorage: ...
class DjangoStorage(BaseDjangoStorage):
    @classmethod
    def is_integrity_error(cls, *args, **kwargs): ...
class UserSocialAuthManager(Manager):
    def get_social_auth(self, *args, **kwargs): ...
