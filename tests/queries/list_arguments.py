"""Lists whose view tells the serializer which of its fields to leave out."""

from __future__ import annotations

ARGUMENTS = """
class Without(serializers.ModelSerializer):
    def __init__(self, *args, **kwargs):
        names = kwargs.pop("without", None)
        super().__init__(*args, **kwargs)
        if names:
            for name in names:
                self.fields.pop(name)


class BookWithout(Without):
    place = serializers.CharField(source="author.country.name")
    by = serializers.CharField(source="editor.name")

    class Meta:
        model = Book
        fields = ["title", "place", "by"]


class BookLess(serializers.ModelSerializer):
    place = serializers.CharField(source="author.country.name")

    class Meta:
        model = Book
        fields = ["title", "place"]

    def __init__(self, *args, less=(), **kwargs):
        super().__init__(*args, **kwargs)
        for name in less or ():
            self.fields.pop(name)


class WithAllView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = BookWithout


class WithAllLoadedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author__country", "editor")
    serializer_class = BookWithout


class WithoutOneView(APIView):
    def get(self, request):
        return Response(BookWithout(Book.objects.all(), many=True, without=("place",)).data)


class WithoutOneLoadedView(APIView):
    def get(self, request):
        books = Book.objects.select_related("editor")
        return Response(BookWithout(books, many=True, without=("place",)).data)


class WithoutBothView(APIView):
    def get(self, request):
        return Response(BookWithout(Book.objects.all(), many=True, without=["place", "by"]).data)


class WithoutNoneView(APIView):
    def get(self, request):
        books = Book.objects.select_related("editor")
        return Response(BookWithout(books, many=True, without=None).data)


class LessView(APIView):
    def get(self, request):
        return Response(BookLess(Book.objects.all(), many=True, less=["place"]).data)


class NotLessView(APIView):
    def get(self, request):
        return Response(BookLess(Book.objects.all(), many=True, less=[]).data)
"""
