from django.db.models import ForeignKey as ForeignKey
from django.db.models import ForeignObject as ForeignObject
from django.db.models import OneToOneField as OneToOneField
from django.db.models import ManyToManyField as ManyToManyField
