"""Lists that depend on the way through the code. Every view is asked of DRF and of the analysis."""

from __future__ import annotations

WAYS = """
def named_at_run_time():
    return ["many"]


class TextOfParent(serializers.ModelSerializer):
    shown = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = ["shown"]

    def get_shown(self, row):
        held = row.parent or row.book
        return held.pk


class TextOfKnownParent(TextOfParent):
    def get_shown(self, row):
        parent = row.parent
        if parent is None:
            return ""
        return parent.text if parent else row.book.title


class TextOfOneParent(TextOfParent):
    def get_shown(self, row):
        parent = row.parent
        if parent:
            return "" if parent is not None else row.book.title
        return parent.book.title if parent else ""


class Expanded(serializers.ModelSerializer):
    author = serializers.PrimaryKeyRelatedField(read_only=True)

    class Meta:
        model = Book
        fields = ["author"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "short" not in self.context["request"].GET:
            self.fields["author"] = AuthorWithCountry(read_only=True)
        else:
            self.fields["author"] = AuthorSerializer(read_only=True)


class NoLongerNested(serializers.ModelSerializer):
    author = AuthorWithCountry()

    class Meta:
        model = Book
        fields = ["author"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "short" not in self.context["request"].GET:
            self.fields["author"] = AuthorSerializer(read_only=True)
        elif "shorter" not in self.context["request"].GET:
            self.fields["author"] = serializers.PrimaryKeyRelatedField(read_only=True)
        else:
            self.fields["author"] = serializers.CharField(source="title")


class StillNested(serializers.ModelSerializer):
    author = AuthorWithCountry()

    class Meta:
        model = Book
        fields = ["author"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "short" in self.context["request"].GET:
            self.fields["author"] = AuthorSerializer(read_only=True)


class LinkBy(serializers.HyperlinkedIdentityField):
    def __init__(self, way, **kwargs):
        super().__init__(**kwargs)
        self.way = way

    def get_url(self, obj, view_name, request, format):
        value = obj
        for name in self.way.split("__"):
            value = getattr(value, name)
        return self.reverse(view_name, kwargs={"name": value}, request=request, format=format)


class LinkByTitle(serializers.HyperlinkedIdentityField):
    def get_url(self, obj, view_name, request, format):
        return self.reverse(view_name, kwargs={"name": obj.title}, request=request, format=format)


class LinkOfAuthor(serializers.HyperlinkedRelatedField):
    def get_url(self, obj, view_name, request, format):
        return self.reverse(view_name, kwargs={"name": obj.country.name}, request=request, format=format)


class LinkedByWay(serializers.ModelSerializer):
    url = LinkBy("author__name", view_name="named")

    class Meta:
        model = Book
        fields = ["url"]


class LinkedByTitle(serializers.ModelSerializer):
    url = LinkByTitle(view_name="named")

    class Meta:
        model = Book
        fields = ["url"]


class LinkedToAuthor(serializers.ModelSerializer):
    author = LinkOfAuthor(view_name="named", lookup_field="name", read_only=True)

    class Meta:
        model = Book
        fields = ["author"]


class LinkedReviews(serializers.ModelSerializer):
    reviews = serializers.HyperlinkedIdentityField(view_name="author", many=True, read_only=True)

    class Meta:
        model = Book
        fields = ["reviews"]


class LinkedBooks(serializers.ModelSerializer):
    books = LinkBy("editor__name", view_name="named", many=True, read_only=True)

    class Meta:
        model = Author
        fields = ["books"]


class ShownByStaticMethod(serializers.ModelSerializer):
    shown = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["shown"]

    @staticmethod
    def get_shown(row):
        return row.author.name


class ShownIfDeep(ShownByStaticMethod):
    def get_shown(self, row):
        return row.author.name if getattr(self.Meta, "deep", False) else row.title


class AuthorOfBookWithCountry(serializers.ModelSerializer):
    author = AuthorWithCountry()

    class Meta:
        model = Book
        fields = ["author"]


class ShownOnce(serializers.ModelSerializer):
    shown = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["shown"]

    def get_shown(self, row):
        held = getattr(row, "_held", None) or cache.get("held")
        if held is None:
            held = row.author.name
            cache.set("held", held)
            row._held = held
        return held


class AuthorIfAsked(serializers.Field):
    def to_representation(self, value):
        if "asked" not in self.context:
            return ""
        return value.author.name


class ShownIfAsked(serializers.ModelSerializer):
    shown = AuthorIfAsked(source="*", read_only=True)
    first = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["shown", "first"]

    def get_first(self, row):
        if "first" not in self.context:
            self.context["first"] = Tag.objects.first().name
        return self.context["first"]


class OwnPages(PageNumberPagination):
    page_size = 50

    def paginate_queryset(self, queryset, request, view=None):
        return super().paginate_queryset(list(queryset), request, view)


class Titles(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["title"]


def _has(request, name):
    if request.GET.get("a"):
        return False
    if request.GET.get("b"):
        return False
    if request.GET.get("c"):
        return False
    return request.GET.get(name) is None


def all_may_be_seen(request):
    return _has(request, "x") and _has(request, "y") and _has(request, "z")


class EitherKeyView(generics.ListAPIView):
    queryset = Review.objects.select_related("parent")
    serializer_class = TextOfParent


class EitherKeyJoinedView(generics.ListAPIView):
    queryset = Review.objects.select_related("parent", "book")
    serializer_class = TextOfParent


class KnownKeyView(generics.ListAPIView):
    queryset = Review.objects.select_related("parent")
    serializer_class = TextOfKnownParent


class OneKeyView(generics.ListAPIView):
    queryset = Review.objects.select_related("parent")
    serializer_class = TextOfOneParent


class AnnotatedAtRunTimeView(generics.ListAPIView):
    queryset = Book.objects.annotate(**{name: Count("tags") for name in named_at_run_time()})
    serializer_class = AuthorOfBook


class AnnotatedAtRunTimeJoinedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author").annotate(**{name: Count("tags") for name in named_at_run_time()})
    serializer_class = AuthorOfBook


class ExpandedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author")
    serializer_class = Expanded


class ExpandedJoinedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author__country")
    serializer_class = Expanded


class NoLongerNestedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author")
    serializer_class = NoLongerNested


class StillNestedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author")
    serializer_class = StillNested


class LinkedByWayView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = LinkedByWay


class LinkedByWayJoinedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author")
    serializer_class = LinkedByWay


class LinkedByTitleView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = LinkedByTitle


class LinkedToAuthorView(generics.ListAPIView):
    queryset = Book.objects.select_related("author")
    serializer_class = LinkedToAuthor


class LinkedToAuthorJoinedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author__country")
    serializer_class = LinkedToAuthor


class LinkedReviewsView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = LinkedReviews


class LinkedReviewsPrefetchedView(generics.ListAPIView):
    queryset = Book.objects.prefetch_related("reviews")
    serializer_class = LinkedReviews


class LinkedBooksView(generics.ListAPIView):
    queryset = Author.objects.prefetch_related("books")
    serializer_class = LinkedBooks


class LinkedBooksJoinedView(generics.ListAPIView):
    queryset = Author.objects.prefetch_related(Prefetch("books", queryset=Book.objects.select_related("editor")))
    serializer_class = LinkedBooks


class ByKeyView(APIView):
    def get(self, request):
        books = {book.pk: book for book in Book.objects.all()}
        return Response(Overridden([books[key] for key in sorted(books)], many=True).data)


class ByKeyJoinedView(APIView):
    def get(self, request):
        books = {book.pk: book for book in Book.objects.select_related("author")}
        return Response(Overridden([books[key] for key in sorted(books)], many=True).data)


class GatheredByKeyView(APIView):
    def get(self, request):
        books = {}
        for book in Book.objects.all():
            books[book.pk] = book
        return Response(Overridden([books[key] for key in sorted(books)], many=True).data)


class GatheredByKeyJoinedView(APIView):
    def get(self, request):
        books = {}
        for book in Book.objects.select_related("author"):
            books[book.pk] = book
        return Response(Overridden(list(books.values()), many=True).data)


class InBulkView(APIView):
    def get(self, request):
        books = Book.objects.in_bulk()
        return Response(Overridden([books[key] for key in books], many=True).data)


class InBulkJoinedView(APIView):
    def get(self, request):
        books = Book.objects.select_related("author").in_bulk()
        return Response(Overridden([book for key, book in books.items()], many=True).data)


class OwnPagesView(generics.ListAPIView):
    pagination_class = OwnPages
    serializer_class = Overridden

    def get_queryset(self):
        return Book.objects.select_related("author")

    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.get_queryset())
        if page is not None:
            return Response(self.get_serializer(page, many=True).data)
        return Response(Overridden(Book.objects.all(), many=True).data)


class ToldApartView(generics.ListAPIView):
    def get_queryset(self):
        if all_may_be_seen(self.request):
            return Book.objects.select_related("author")
        return Book.objects.all()

    def get_serializer_class(self):
        return Overridden if all_may_be_seen(self.request) else Titles


class ToldApartWronglyView(generics.ListAPIView):
    def get_queryset(self):
        if all_may_be_seen(self.request):
            return Book.objects.all()
        return Book.objects.select_related("author")

    def get_serializer_class(self):
        return Overridden if all_may_be_seen(self.request) else Titles


class ShownByStaticMethodView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = ShownByStaticMethod


class ShownByStaticMethodJoinedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author")
    serializer_class = ShownByStaticMethod


class ShownIfDeepView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = ShownIfDeep


class GivenByManagerView(generics.ListAPIView):
    queryset = Book.objects.select_related("author__country", "editor")
    serializer_class = AuthorOfBookWithCountry

    def list(self, request, *args, **kwargs):
        books = Book.plain.of_editors(self.get_queryset())
        return Response(self.get_serializer(books, many=True).data)


class NotGivenView(generics.ListAPIView):
    queryset = Book.objects.select_related("author", "editor")
    serializer_class = AuthorOfBookWithCountry


class ShownOnceView(generics.ListAPIView):
    queryset = Book.objects.annotate(**{name: Count("tags") for name in named_at_run_time()})
    serializer_class = ShownOnce


class NotAskedView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = ShownIfAsked


class AskedView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = ShownIfAsked

    def get_serializer_context(self):
        context = super().get_serializer_context()
        context["asked"] = True
        return context
"""
