from django.forms import BaseFormSet as BaseFormSet
