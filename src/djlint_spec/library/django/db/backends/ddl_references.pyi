from django.contrib.postgres.constraints import Expressions as Expressions
from django.contrib.postgres.constraints import Statement as Statement
from django.contrib.postgres.constraints import Table as Table
