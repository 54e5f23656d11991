from django_lifecycle.mixins import ModelState as ModelState
