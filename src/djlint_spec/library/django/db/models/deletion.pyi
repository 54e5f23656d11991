from django.db.models import ProtectedError as ProtectedError
from django.db.models import RestrictedError as RestrictedError
