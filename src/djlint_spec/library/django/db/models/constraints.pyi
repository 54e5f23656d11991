from django.db.models import BaseConstraint as BaseConstraint
from django.db.models import CheckConstraint as CheckConstraint
from django.db.models import Deferrable as Deferrable
from django.db.models import UniqueConstraint as UniqueConstraint
