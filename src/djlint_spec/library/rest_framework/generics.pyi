from rest_framework import mixins, views
from django.shortcuts import get_object_or_404
class GenericAPIView(views.APIView):
    queryset = None
    serializer_class = None
    def get_queryset(self):
        queryset = self.queryset
        return queryset.all()
    def get_object(self):
        return get_object_or_404(self.filter_queryset(self.get_queryset()))
    def get_serializer(self, *args, **kwargs):
        serializer_class = self.get_serializer_class()
        return serializer_class(*args, **kwargs)
    def get_serializer_class(self):
        return self.serializer_class
    def filter_queryset(self, queryset):
        return queryset
    def paginate_queryset(self, queryset):
        return queryset
    def get_paginated_response(self, data):
        return data
class ListAPIView(mixins.ListModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)
class RetrieveAPIView(mixins.RetrieveModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.retrieve(request, *args, **kwargs)
class ListCreateAPIView(mixins.ListModelMixin, mixins.CreateModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)
    def post(self, request, *args, **kwargs): ...
