from django.db.models import Index as Index
from django.contrib.postgres.constraints import IndexExpression as IndexExpression
