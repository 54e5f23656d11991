from django.db.models import Model as Model
from django.db.models import ObjectDoesNotExist as ObjectDoesNotExist
from rest_framework.relations import ObjectTypeError as ObjectTypeError
from rest_framework.relations import ObjectValueError as ObjectValueError
from rest_framework.serializers import HyperlinkedRelatedField as HyperlinkedRelatedField
from rest_framework.serializers import ValidationError as ValidationError
from rest_framework.views import Request as Request

class NestedHyperlinkedRelatedField(HyperlinkedRelatedField):
    lookup_field = 'pk'
    parent_lookup_kwargs = {'parent_pk': 'parent__pk'}
    def get_url(self, *args, **kwargs): ...
    def get_object(self, *args, **kwargs): ...
    def use_pk_only_optimization(self):
        return False
    def to_internal_value(self, *args, **kwargs): ...
class NestedHyperlinkedIdentityField(NestedHyperlinkedRelatedField): ...
