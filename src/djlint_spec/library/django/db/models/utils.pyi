from django.contrib.contenttypes.fields import AltersData as AltersData
