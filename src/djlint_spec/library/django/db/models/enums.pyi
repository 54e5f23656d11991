from django.db.models import Choices as Choices
from django.db.models import IntegerChoices as IntegerChoices
from django.db.models import TextChoices as TextChoices
