class ListModelMixin:
    def list(self, request, *args, **kwargs):
        queryset = self.filter_queryset(self.get_queryset())
        page = self.paginate_queryset(queryset)
        serializer = self.get_serializer(page, many=True)
        return serializer.data
class RetrieveModelMixin:
    def retrieve(self, request, *args, **kwargs):
        serializer = self.get_serializer(self.get_object())
        return serializer.data
class CreateModelMixin:
    def create(self, request, *args, **kwargs): ...
class UpdateModelMixin:
    def update(self, request, *args, **kwargs): ...
    def partial_update(self, request, *args, **kwargs): ...
class DestroyModelMixin:
    def destroy(self, request, *args, **kwargs): ...
