from rest_framework.fields import lazy_format as lazy_format
