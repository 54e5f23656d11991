from django.db.models import Lookup as Lookup
from django.db.models import Transform as Transform
from django.contrib.postgres.constraints import PostgresOperatorLookup as PostgresOperatorLookup
