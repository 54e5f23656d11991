"""Random views over a serializer and a queryset."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from tests.oracle.generator.choices import Choices


@dataclass(frozen=True)
class View:
    """A view's source, its route, the name that the tool gives its list, and how to ask for it."""

    text: str
    route: str
    endpoint: str
    requests: tuple[str, ...] = ("",)


KINDS = {
    "attribute": """
class $name(ListAPIView):
    queryset = $queryset
    serializer_class = $serializer
""",
    "get_queryset": """
class $name(ListAPIView):
    serializer_class = $serializer

    def get_queryset(self):
        return $queryset
""",
    "super": """
class $name(ListAPIView):
    queryset = $queryset
    serializer_class = $serializer

    def get_queryset(self):
        return super().get_queryset().filter(rank__gte=0)
""",
    "mixin": """
class Mixin$index:
    def get_queryset(self):
        return $queryset


class $name(Mixin$index, ListAPIView):
    queryset = $model.objects.all()
    serializer_class = $serializer
""",
    "mixin behind": """
class Mixin$index:
    def get_queryset(self):
        return $model.objects.none()


class $name(ListAPIView, Mixin$index):
    queryset = $queryset
    serializer_class = $serializer
""",
    "viewset": """
class $name(viewsets.ModelViewSet):
    queryset = $queryset
    serializer_class = $serializer
""",
    "by action": """
class $name(viewsets.ModelViewSet):
    serializer_class = $serializer

    def get_queryset(self):
        if self.action == "list":
            return $queryset
        return $model.objects.all()
""",
    "by other action": """
class $name(viewsets.ReadOnlyModelViewSet):
    serializer_class = $serializer

    def get_queryset(self):
        queryset = $queryset
        if self.action == "retrieve":
            queryset = queryset.select_related()
        return queryset
""",
    "flag": """
class $name(ListAPIView):
    serializer_class = $serializer

    def get_queryset(self):
        queryset = $queryset
        if self.request.query_params.get("few"):
            queryset = queryset.filter(rank__gte=0)
        return queryset
""",
    "by hand": """
class $name(APIView):
    def get(self, request):
        rows = $queryset
        return Response($serializer(rows, many=True, context={"request": request}).data)
""",
    "function": """
@api_view()
def $name(request):
    return Response($serializer($queryset, many=True, context={"request": request}).data)
""",
    "action": """
class $name(viewsets.GenericViewSet):
    queryset = $model.objects.all()
    serializer_class = $serializer

    @action(detail=False)
    def extra(self, request):
        return Response(self.get_serializer($queryset, many=True).data)
""",
    "overridden list": """
class $name(ListAPIView):
    queryset = $queryset
    serializer_class = $serializer

    def list(self, request, *args, **kwargs):
        queryset = self.filter_queryset(self.get_queryset())
        serializer = self.get_serializer(queryset, many=True)
        return Response(serializer.data)
""",
    "paginated": """
class $name(ListAPIView):
    queryset = $queryset
    serializer_class = $serializer
    pagination_class = Large
""",
    "serializer by action": """
class $name(viewsets.ReadOnlyModelViewSet):
    queryset = $queryset

    def get_serializer_class(self):
        if self.action == "list":
            return $serializer
        return PlainSerializer
""",
    "serializer by flag": """
class $name(ListAPIView):
    queryset = $queryset

    def get_serializer_class(self):
        return PlainSerializer if self.request.query_params.get("plain") else $serializer
""",
    "helper": """
def narrowed$index(queryset):
    return queryset.filter(rank__gte=0)


class $name(ListAPIView):
    serializer_class = $serializer

    def get_queryset(self):
        return narrowed$index($queryset)
""",
    "base class": """
class Base$index(ListAPIView):
    def get_queryset(self):
        return self.rows.filter(rank__gte=0)


class $name(Base$index):
    rows = $queryset
    serializer_class = $serializer
""",
    "one by one": """
class $name(APIView):
    def get(self, request):
        return Response([$serializer(row, context={"request": request}).data for row in $queryset])
""",
    "list of rows": """
class $name(APIView):
    def get(self, request):
        rows = list($queryset)
        return Response($serializer(rows, many=True, context={"request": request}).data)
""",
    "filter backend": """
class Backend$index:
    def filter_queryset(self, request, queryset, view):
        return queryset.filter(rank__gte=0)


class $name(ListAPIView):
    queryset = $queryset
    serializer_class = $serializer
    filter_backends = [Backend$index]
""",
    "filter_queryset": """
class $name(ListAPIView):
    queryset = $queryset
    serializer_class = $serializer

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset).filter(rank__gte=0)
""",
    "generic": """
class $name(mixins.ListModelMixin, GenericAPIView):
    queryset = $queryset
    serializer_class = $serializer

    def get(self, request):
        return self.list(request)
""",
}
_ACTIONS = {
    "viewset": "list",
    "by action": "list",
    "by other action": "list",
    "serializer by action": "list",
    "action": "extra",
}
_REQUESTS = {"flag": ("", "?few=1"), "serializer by flag": ("", "?plain=1")}


def make_view(choices: Choices, index: int, model: str, serializer: str, queryset: str) -> View:
    """A view that lists `queryset` through `serializer`."""
    kind = choices.pick(list(KINDS))
    if kind == "by other action" and "only(" in queryset:
        kind = "flag"  # only() beside a bare select_related() is an error
    choices.made(f"view: {kind}")
    name = f"view{index}" if kind == "function" else f"View{index}"
    text = Template(KINDS[kind]).substitute(
        name=name, index=index, model=model, serializer=serializer, queryset=queryset
    )
    action = _ACTIONS.get(kind)
    as_view = "" if kind == "function" else f'.as_view({{"get": "{action}"}})' if action else ".as_view()"
    endpoint = f"shop.views.{name}" + (f".{action}" if action and action != "list" else "")
    return View(text.strip() + "\n", f'path("{index}/", views.{name}{as_view})', endpoint, _REQUESTS.get(kind, ("",)))
