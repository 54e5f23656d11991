from django.db.models import JSONField as JSONField
