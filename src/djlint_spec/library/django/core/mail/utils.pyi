from django.core.mail import CachedDnsName as CachedDnsName
