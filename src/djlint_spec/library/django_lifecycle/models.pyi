from django.db.models import Model as Model
from django_lifecycle.mixins import LifecycleModelMixin as LifecycleModelMixin

class LifecycleModel(LifecycleModelMixin, Model):
    class Meta:
        abstract = True
