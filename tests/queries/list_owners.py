"""Lists of the rows of one other row, or of rows that all lead to the same: what is one object for all of them."""

from __future__ import annotations

OWNERS = """
def one():
    return Author.objects.get(name="one")


class OfOwner(serializers.ModelSerializer):
    shown = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["shown"]


class CountryOfOwner(OfOwner):
    def get_shown(self, row):
        return row.author.country.name


class BooksOfOwner(OfOwner):
    def get_shown(self, row):
        return [book.title for book in row.author.books.all()]


class ParentOrBook(serializers.ModelSerializer):
    shown = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = ["shown"]

    def get_shown(self, row):
        return row.parent.text if row.parent else row.book.title


def told(row, name=None, author=None):
    if author is None:
        author = row.author
    return name or author.name


class ToldByName(OfOwner):
    def get_shown(self, row):
        return told(row, row.title, row)


class ToldByAuthor(OfOwner):
    def get_shown(self, row):
        return told(row)


class OwnersOwn:
    def get_queryset(self):
        return one().books.all()


class CountryOfOwnerView(OwnersOwn, generics.ListAPIView):
    serializer_class = CountryOfOwner


class BooksOfOwnerView(OwnersOwn, generics.ListAPIView):
    serializer_class = BooksOfOwner


class FetchedBooksOfOwnerView(generics.ListAPIView):
    serializer_class = BooksOfOwner

    def get_queryset(self):
        return one().books.prefetch_related("author__books")


class BooksOfFetchedOwnerView(generics.ListAPIView):
    serializer_class = BooksOfOwner

    def get_queryset(self):
        return Author.objects.prefetch_related("books").get(name="one").books.order_by("pk")


class ParentAtHandView(generics.ListAPIView):
    serializer_class = ParentOrBook

    def get_queryset(self):
        return Review.objects.get(text="of one").replies.all()


class ParentNotAtHandView(generics.ListAPIView):
    queryset = Review.objects.select_related("parent")
    serializer_class = ParentOrBook


class NoParentView(generics.ListAPIView):
    queryset = Review.objects.filter(parent=None).select_related("book")
    serializer_class = ParentOrBook


class NoParentOrBookView(generics.ListAPIView):
    queryset = Review.objects.filter(parent__isnull=True)
    serializer_class = ParentOrBook


class OnesOrAnothersView(generics.ListAPIView):
    serializer_class = CountryOfOwner

    def get_queryset(self):
        own = Book.objects.filter(author=one()).prefetch_related("author")
        return own | Book.objects.filter(editor=one())


class OfReview(serializers.ModelSerializer):
    shown = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = ["shown"]


class OwnerOfBook(OfReview):
    def get_shown(self, row):
        return row.book.author.country.name


class EditorOfBook(OfReview):
    def get_shown(self, row):
        return row.book.editor.name


class OfBooksOfOwner:
    def get_queryset(self):
        found = Review.objects.filter(book__title__startswith="by one")
        return found.prefetch_related(Prefetch("book", one().books.order_by("pk")))


class OwnerOfPrefetchedBooksView(OfBooksOfOwner, generics.ListAPIView):
    serializer_class = OwnerOfBook


class EditorOfPrefetchedBooksView(OfBooksOfOwner, generics.ListAPIView):
    serializer_class = EditorOfBook


class ToldByNameView(generics.ListAPIView):
    queryset = Book.objects.filter(author__name="other")
    serializer_class = ToldByName


class ToldByAuthorView(ToldByNameView):
    serializer_class = ToldByAuthor


class PinnedView(generics.ListAPIView):
    serializer_class = CountryOfOwner

    def get_queryset(self):
        return Book.objects.filter(author=one())


class PinnedByIdView(PinnedView):
    def get_queryset(self):
        return Book.objects.filter(author__id=one().pk).prefetch_related("author")


class PinnedByColumnView(PinnedView):
    def get_queryset(self):
        return Book.objects.filter(author_id=one().pk).prefetch_related("author")


class PinnedFurtherView(PinnedView):
    def get_queryset(self):
        return Book.objects.filter(author__country=one().country).prefetch_related("author")


class PinnedOverSetView(PinnedView):
    def get_queryset(self):
        return Book.objects.filter(tags__name="s").prefetch_related("author")


class PinnedByTextView(PinnedView):
    def get_queryset(self):
        return Book.objects.filter(author__name__contains="o").prefetch_related("author")


class PinnedAndFetchedView(PinnedView):
    def get_queryset(self):
        return super().get_queryset().prefetch_related("author")


class PinnedAndJoinedView(PinnedView):
    def get_queryset(self):
        return super().get_queryset().select_related("author")


class PinnedBooksView(PinnedAndFetchedView):
    serializer_class = BooksOfOwner


class PinnedToEachView(PinnedView):
    def get_queryset(self):
        return Book.objects.filter(author=F("author")).prefetch_related("author")


class PinnedToSeveralView(PinnedView):
    def get_queryset(self):
        return Book.objects.filter(author__in=list(Author.objects.all())).prefetch_related("author")


class PinnedReviewView(generics.ListAPIView):
    queryset = Review.objects.all()

    def get_queryset(self):
        return Review.objects.filter(book__author=one()).prefetch_related("book__author")

    class serializer_class(serializers.ModelSerializer):
        shown = serializers.CharField(source="book.author.country.name")

        class Meta:
            model = Review
            fields = ["shown"]



class OneByKeyView(generics.ListAPIView):
    serializer_class = CountryOfOwner

    def get_queryset(self):
        first = Book.objects.first()
        return of_keys([first])


def of_keys(books):
    return Book.objects.filter(pk__in=[book.pk for book in books])


class SeveralByKeyView(OneByKeyView):
    def get_queryset(self):
        return of_keys(list(Book.objects.all()))
"""
