from django.db.models import Prefetch as Prefetch
from django.db.models import QuerySet as QuerySet
