from django.core.exceptions import ValidationError as ValidationError
from django.db.models import QuerySet as QuerySet
from django.http import Http404 as Http404
from rest_framework.mixins import CreateModelMixin as CreateModelMixin
from rest_framework.mixins import DestroyModelMixin as DestroyModelMixin
from rest_framework.mixins import ListModelMixin as ListModelMixin
from rest_framework.mixins import RetrieveModelMixin as RetrieveModelMixin
from rest_framework.mixins import UpdateModelMixin as UpdateModelMixin
from rest_framework.views import APIView as APIView

class GenericAPIView(APIView):
    queryset = None
    serializer_class = None
    lookup_field = 'pk'
    lookup_url_kwarg = None
    filter_backends = []
    pagination_class = None
    def get_queryset(self):
        return self.queryset.all()
    def get_object(self):
        return get_object_or_404(self.filter_queryset(self.get_queryset()))
    def get_serializer(self, *args, **kwargs):
        serializer_class = self.get_serializer_class()
        kwargs.setdefault('context', self.get_serializer_context())
        return serializer_class(*args, **kwargs)
    def get_serializer_class(self):
        return self.serializer_class
    def get_serializer_context(self):
        return {'request': self.request, 'format': self.format_kwarg, 'view': self}
    def filter_queryset(self, queryset):
        return queryset
    @property
    def paginator(self): ...
    def paginate_queryset(self, queryset):
        return queryset
    def get_paginated_response(self, data):
        return Response(data)
class CreateAPIView(CreateModelMixin, GenericAPIView):
    def post(self, *args, **kwargs): ...
class ListAPIView(ListModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)
class RetrieveAPIView(RetrieveModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.retrieve(request, *args, **kwargs)
class DestroyAPIView(DestroyModelMixin, GenericAPIView):
    def delete(self, *args, **kwargs): ...
class UpdateAPIView(UpdateModelMixin, GenericAPIView):
    def put(self, *args, **kwargs): ...
    def patch(self, *args, **kwargs): ...
class ListCreateAPIView(ListModelMixin, CreateModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)
    def post(self, request, *args, **kwargs):
        return self.create(request, *args, **kwargs)
class RetrieveUpdateAPIView(RetrieveModelMixin, UpdateModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.retrieve(request, *args, **kwargs)
    def put(self, *args, **kwargs): ...
    def patch(self, *args, **kwargs): ...
class RetrieveDestroyAPIView(RetrieveModelMixin, DestroyModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.retrieve(request, *args, **kwargs)
    def delete(self, *args, **kwargs): ...
class RetrieveUpdateDestroyAPIView(RetrieveModelMixin, UpdateModelMixin, DestroyModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.retrieve(request, *args, **kwargs)
    def put(self, *args, **kwargs): ...
    def patch(self, *args, **kwargs): ...
    def delete(self, *args, **kwargs): ...
def get_object_or_404(*args, **kwargs): ...
