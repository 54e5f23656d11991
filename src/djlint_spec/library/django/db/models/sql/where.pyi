from django.contrib.contenttypes.fields import WhereNode as WhereNode
