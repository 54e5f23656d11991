from django.apps import AppConfig as AppConfig
