from django.conf import settings as settings
from django.contrib.contenttypes.fields import ModelBase as ModelBase
from django.core.exceptions import FieldDoesNotExist as FieldDoesNotExist
from django.db.models import BooleanField as BooleanField
from django.db.models import CharField as CharField
from django.db.models import ForeignKey as ForeignKey
from django.db.models import TextField as TextField
from model_utils.models import TimeStampedModel as TimeStampedModel

class UserRoleAssignmentCreator(ModelBase): ...
class UserRole(TimeStampedModel):
    name = CharField(unique=True, db_index=True, max_length=255)
    description = TextField(null=True, blank=True)
    class Meta:
        abstract = True
class UserRoleAssignment(TimeStampedModel):
    user = ForeignKey(settings.AUTH_USER_MODEL)
    applies_to_all_contexts = BooleanField()
    class Meta:
        abstract = True
    def get_context(self, *args, **kwargs): ...
    @classmethod
    def get_assignments(cls, *args, **kwargs): ...
