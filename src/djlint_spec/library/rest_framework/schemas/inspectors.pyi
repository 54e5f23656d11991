from rest_framework.views import DefaultSchema as DefaultSchema
