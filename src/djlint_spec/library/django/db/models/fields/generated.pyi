from django.db.models import GeneratedField as GeneratedField
