from django.db.models import OrderWrt as OrderWrt
