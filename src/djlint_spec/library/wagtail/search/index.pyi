from django.core.exceptions import FieldDoesNotExist as FieldDoesNotExist
from django.db.models import ForeignObjectRel as ForeignObjectRel
from django.db.models import OneToOneRel as OneToOneRel
from modelcluster.fields import ParentalManyToManyField as ParentalManyToManyField
