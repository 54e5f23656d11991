from django.forms import ModelForm as ModelForm
from django.forms import BaseModelForm as BaseModelForm
from django.forms import ModelChoiceField as ModelChoiceField
from django.forms import ModelMultipleChoiceField as ModelMultipleChoiceField
from django.forms import BaseModelFormSet as BaseModelFormSet
from django.forms import BaseInlineFormSet as BaseInlineFormSet
