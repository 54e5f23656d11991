from django.dispatch import Signal as Signal
