from django.db.models import FileField as FileField
from django.db.models import ImageField as ImageField
