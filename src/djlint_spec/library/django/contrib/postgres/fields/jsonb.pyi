from django.contrib.postgres.fields import JSONField as JSONField
