from django.db.models import FilteredRelation as FilteredRelation
from django.db.models import Q as Q
from django.contrib.contenttypes.fields import PathInfo as PathInfo
