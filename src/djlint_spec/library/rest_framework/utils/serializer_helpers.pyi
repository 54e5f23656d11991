from rest_framework.serializers import BindingDict as BindingDict
from rest_framework.serializers import BoundField as BoundField
from rest_framework.serializers import JSONBoundField as JSONBoundField
from rest_framework.serializers import NestedBoundField as NestedBoundField
from rest_framework.serializers import ReturnDict as ReturnDict
from rest_framework.serializers import ReturnList as ReturnList
