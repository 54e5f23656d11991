from django.forms import BoundField as BoundField
