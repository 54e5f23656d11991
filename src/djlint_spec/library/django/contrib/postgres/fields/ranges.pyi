from django.contrib.postgres.fields import RangeField as RangeField
from django.contrib.postgres.fields import IntegerRangeField as IntegerRangeField
from django.contrib.postgres.fields import BigIntegerRangeField as BigIntegerRangeField
from django.contrib.postgres.fields import DecimalRangeField as DecimalRangeField
from django.contrib.postgres.fields import DateTimeRangeField as DateTimeRangeField
from django.contrib.postgres.fields import DateRangeField as DateRangeField
from django.contrib.postgres.fields import RangeBoundary as RangeBoundary
from django.contrib.postgres.fields import RangeOperators as RangeOperators
