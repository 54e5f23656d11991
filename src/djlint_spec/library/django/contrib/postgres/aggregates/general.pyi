from django.contrib.postgres.aggregates import ArrayAgg as ArrayAgg
from django.contrib.postgres.aggregates import BitAnd as BitAnd
from django.contrib.postgres.aggregates import BitOr as BitOr
from django.contrib.postgres.aggregates import BitXor as BitXor
from django.contrib.postgres.aggregates import BoolAnd as BoolAnd
from django.contrib.postgres.aggregates import BoolOr as BoolOr
from django.contrib.postgres.aggregates import JSONBAgg as JSONBAgg
from django.contrib.postgres.aggregates import StringAgg as StringAgg
