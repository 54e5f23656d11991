from django.db.models import Model as Model
from django.contrib.contenttypes.fields import ModelBase as ModelBase
