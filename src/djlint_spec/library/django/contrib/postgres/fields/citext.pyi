from django.contrib.postgres.fields import CICharField as CICharField
from django.contrib.postgres.fields import CIEmailField as CIEmailField
from django.contrib.postgres.fields import CITextField as CITextField
