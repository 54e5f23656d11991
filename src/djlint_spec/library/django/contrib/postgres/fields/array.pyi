from django.contrib.postgres.fields import ArrayField as ArrayField
