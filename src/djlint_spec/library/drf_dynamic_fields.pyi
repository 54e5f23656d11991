from django.utils.functional import cached_property as cached_property

class DynamicFieldsMixin:
    @property
    def fields(self): ...
