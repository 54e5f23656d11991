from django.db.models import ForeignObjectRel as ForeignObjectRel
from django.db.models import ManyToOneRel as ManyToOneRel
from django.db.models import ManyToManyRel as ManyToManyRel
from django.db.models import OneToOneRel as OneToOneRel
