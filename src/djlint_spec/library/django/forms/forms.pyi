from django.forms import BaseForm as BaseForm
from django.forms import Form as Form
