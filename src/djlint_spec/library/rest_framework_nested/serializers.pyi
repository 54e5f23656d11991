from django.db.models import Model as Model
from rest_framework.serializers import Field as Field
from rest_framework.serializers import HyperlinkedModelSerializer as HyperlinkedModelSerializer
from rest_framework_nested.relations import NestedHyperlinkedIdentityField as NestedHyperlinkedIdentityField
from rest_framework_nested.relations import NestedHyperlinkedRelatedField as NestedHyperlinkedRelatedField

class NestedHyperlinkedModelSerializer(HyperlinkedModelSerializer):
    def build_url_field(self, *args, **kwargs): ...
    def build_nested_field(self, *args, **kwargs): ...
