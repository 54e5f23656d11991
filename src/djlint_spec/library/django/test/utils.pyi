from django.test import ignore_warnings as ignore_warnings
from django.test import modify_settings as modify_settings
from django.test import override_settings as override_settings
from django.test import override_system_checks as override_system_checks
