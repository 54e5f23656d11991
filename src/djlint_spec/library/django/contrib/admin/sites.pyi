from django.contrib.admin import AdminSite as AdminSite
