"""Lists of the bookshop: views whose name says what each shows. Every view is asked of DRF and of the analysis."""

from __future__ import annotations

import re

from tests.queries.list_arguments import ARGUMENTS
from tests.queries.list_owners import OWNERS
from tests.queries.list_ways import WAYS

START = """
from django.core.cache import cache
from functools import cached_property

from django.db.models import Count, F, Prefetch
from rest_framework import generics, serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_nested.relations import NestedHyperlinkedIdentityField, NestedHyperlinkedRelatedField

from shop.models import Author, Book, Country, Novel, Profile, Review, Tag


class CountrySerializer(serializers.ModelSerializer):
    class Meta:
        model = Country
        fields = ["name"]


class AuthorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Author
        fields = ["name"]


class AuthorWithCountry(serializers.ModelSerializer):
    country = CountrySerializer()

    class Meta:
        model = Author
        fields = ["name", "country"]


class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ["name"]


class ReviewSerializer(serializers.ModelSerializer):
    class Meta:
        model = Review
        fields = ["text"]


class Named(serializers.RelatedField):
    def to_representation(self, value):
        return value.name


class NamedWithCountry(serializers.RelatedField):
    def to_representation(self, value):
        return value.country.name


class Key(serializers.PrimaryKeyRelatedField):
    def to_representation(self, value):
        return f"key {value.pk}"


class WholeKey(serializers.PrimaryKeyRelatedField):
    def use_pk_only_optimization(self):
        return False


class AuthorOfRow(serializers.Field):
    def to_representation(self, value):
        return value.author.name


class EditorOfRow(serializers.Field):
    def get_attribute(self, instance):
        return instance.editor

    def to_representation(self, value):
        return value.name


class FirstTag(serializers.RelatedField):
    def get_attribute(self, instance):
        return instance.tags.all()[0] if instance.tags.count() else None

    def to_representation(self, value):
        return value.name


class NameOfEditor(serializers.CharField):
    def get_attribute(self, instance):
        return instance.editor.name


class LinkOfEditor(serializers.PrimaryKeyRelatedField):
    def get_attribute(self, instance):
        return instance.editor


class OfSource(serializers.Field):
    def get_attribute(self, instance):
        return super().get_attribute(instance)

    def to_representation(self, value):
        return value.name


class LinkByCountry(serializers.HyperlinkedRelatedField):
    def get_url(self, obj, view_name, request, format):
        return f"/authors/{obj.country.name}/"

    def use_pk_only_optimization(self):
        return False


class LinkByAuthor(serializers.HyperlinkedIdentityField):
    def get_url(self, obj, view_name, request, format):
        return f"/books/{obj.author.name}/"


class RowItself(serializers.Field):
    def get_attribute(self, instance):
        return instance

    def to_representation(self, value):
        return value.author.name


class Coded(serializers.SlugRelatedField):
    def __init__(self, **kwargs):
        super().__init__(slug_field="name", **kwargs)


class AuthorOfBook(serializers.ModelSerializer):
    author = AuthorSerializer()

    class Meta:
        model = Book
        fields = ["author"]


class Lines(serializers.ListSerializer):
    def to_representation(self, data):
        return [row.author.name for row in data.all()] if hasattr(data, "all") else super().to_representation(data)


class LineSerializer(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["title"]
        list_serializer_class = Lines


class Chosen(serializers.ModelSerializer):
    author = AuthorSerializer()

    class Meta:
        model = Book
        fields = ["title", "author"]

    def __init__(self, *args, **kwargs):
        wanted = kwargs.pop("fields", None)
        super().__init__(*args, **kwargs)
        if wanted is not None:
            for name in set(self.fields) - set(wanted):
                self.fields.pop(name)


class LinkBehind(serializers.HyperlinkedRelatedField):
    def get_url(self, obj, view_name, request, format):
        return super().get_url(obj.country, view_name, request, format)

    def use_pk_only_optimization(self):
        return False


class LinkOfKey(serializers.HyperlinkedRelatedField):
    def get_url(self, obj, view_name, request, format):
        return super().get_url(getattr(obj, "country", obj), view_name, request, format)


class LinkFromBook(serializers.HyperlinkedIdentityField):
    def get_url(self, obj, view_name, request, format):
        return super().get_url(obj.author, view_name, request, format)


class Joining:
    def filter_queryset(self, request, queryset, view):
        return queryset.select_related("author")
"""

_NESTED_LINK = """author = NestedHyperlinkedRelatedField(
        view_name="of", read_only=True, parent_lookup_kwargs={"country_pk": "country__name"}
    )"""

_NESTED_LINK_OF_ROW = """link = NestedHyperlinkedIdentityField(
        view_name="of", parent_lookup_kwargs={"country_pk": "author__country__name"}
    )"""

FIELDS = {
    "Plain": ("", "title", ""),
    "AuthorKey": ("", "author", ""),
    "AuthorKeyById": ("", "author_id", ""),
    "AuthorBySource": ('name = serializers.CharField(source="author.name")', "name", ""),
    "AuthorJoinedBySource": ('name = serializers.CharField(source="author.name")', "name", '.select_related("author")'),
    "AuthorNested": ("author = AuthorSerializer()", "author", ""),
    "AuthorNestedJoined": ("author = AuthorSerializer()", "author", '.select_related("author")'),
    "AuthorNestedJoinedByAll": ("author = AuthorSerializer()", "author", ".select_related()"),
    "AuthorNestedPrefetched": ("author = AuthorSerializer()", "author", '.prefetch_related("author")'),
    "AuthorNoLongerJoined": ("author = AuthorSerializer()", "author", '.select_related("author").select_related(None)'),
    "AuthorNoLongerPrefetched": (
        "author = AuthorSerializer()",
        "author",
        '.prefetch_related("author").prefetch_related(None)',
    ),
    "AuthorJoinedByAllKeyLeftOut": ("author = AuthorSerializer()", "author", '.select_related().only("title")'),
    "AuthorKeyJoinedByAllLeftOut": ("", "author", '.select_related().only("title")'),
    "CountryJoinedByAllKeyLeftOut": ("author = AuthorWithCountry()", "author", '.select_related().only("title")'),
    "AuthorPrefetchedKeyLeftOut": (
        "author = AuthorSerializer()",
        "author",
        '.prefetch_related("author").only("title")',
    ),
    "EditorJoinedByAll": ("editor = AuthorSerializer()", "editor", ".select_related()"),
    "CountryNested": ("author = AuthorWithCountry()", "author", '.select_related("author")'),
    "CountryNestedJoined": ("author = AuthorWithCountry()", "author", '.select_related("author__country")'),
    "CountryNestedJoinedByAll": ("author = AuthorWithCountry()", "author", ".select_related()"),
    "CountryPrefetchedBehindJoin": (
        "author = AuthorWithCountry()",
        "author",
        '.select_related("author").prefetch_related("author__country")',
    ),
    "CountryJoinedBehindPrefetch": (
        "author = AuthorWithCountry()",
        "author",
        '.prefetch_related(Prefetch("author", queryset=Author.objects.select_related("country")))',
    ),
    "AuthorText": ("author = serializers.StringRelatedField()", "author", '.select_related("author")'),
    "AuthorTextJoined": ("author = serializers.StringRelatedField()", "author", '.select_related("author__country")'),
    "AuthorSlug": ('author = serializers.SlugRelatedField("name", read_only=True)', "author", ""),
    "AuthorSlugJoined": (
        'author = serializers.SlugRelatedField(slug_field="name", read_only=True)',
        "author",
        '.select_related("author")',
    ),
    "AuthorOwnSlug": ("author = Coded(read_only=True)", "author", ""),
    "TagKeys": ("", "tags", ""),
    "TagKeysPrefetched": ("", "tags", '.prefetch_related("tags")'),
    "TagSlugs": ('tags = serializers.SlugRelatedField("name", many=True, read_only=True)', "tags", ""),
    "TagSlugsPrefetched": (
        'tags = serializers.SlugRelatedField("name", many=True, read_only=True)',
        "tags",
        '.prefetch_related("tags")',
    ),
    "TagTexts": ("tags = serializers.StringRelatedField(many=True)", "tags", '.prefetch_related("tags")'),
    "TagsNested": ("tags = TagSerializer(many=True)", "tags", ""),
    "TagsNestedPrefetched": ("tags = TagSerializer(many=True)", "tags", '.prefetch_related("tags")'),
    "TagsPrefetchedNarrowed": (
        "tags = TagSerializer(many=True)",
        "tags",
        '.prefetch_related(Prefetch("tags", Tag.objects.filter(name="s")))',
    ),
    "TagsApart": (
        "some = TagSerializer(many=True)",
        "some",
        '.prefetch_related(Prefetch("tags", Tag.objects.all(), "some"))',
    ),
    "TagsBesideApart": (
        "tags = TagSerializer(many=True)",
        "tags",
        '.prefetch_related(Prefetch("tags", to_attr="some"))',
    ),
    "TagsOwn": ("tags = Named(many=True, read_only=True)", "tags", ""),
    "TagsOwnPrefetched": ("tags = Named(many=True, read_only=True)", "tags", '.prefetch_related("tags")'),
    "TagsByChild": ('shown = serializers.ListField(child=Named(read_only=True), source="tags.all")', "shown", ""),
    "TagsAsList": ('shown = serializers.ListSerializer(child=TagSerializer(), source="tags")', "shown", ""),
    "ReviewsNested": ("reviews = ReviewSerializer(many=True)", "reviews", ""),
    "ReviewsNestedPrefetched": ("reviews = ReviewSerializer(many=True)", "reviews", '.prefetch_related("reviews")'),
    "OwnRelated": ("author = Named(read_only=True)", "author", ""),
    "OwnRelatedJoined": ("author = Named(read_only=True)", "author", '.select_related("author")'),
    "OwnRelatedBehind": ("author = NamedWithCountry(read_only=True)", "author", '.select_related("author")'),
    "OwnKey": ("author = Key(read_only=True)", "author", ""),
    "WholeKeyOfAuthor": ("author = WholeKey(read_only=True)", "author", ""),
    "OwnField": ('shown = AuthorOfRow(source="*", read_only=True)', "shown", ""),
    "OwnFieldJoined": ('shown = AuthorOfRow(source="*", read_only=True)', "shown", '.select_related("author")'),
    "LinkShown": ('author = LinkByCountry("author", read_only=True)', "author", '.select_related("author")'),
    "LinkShownJoined": (
        'author = LinkByCountry("author", read_only=True)',
        "author",
        '.select_related("author__country")',
    ),
    "LinkOfBook": ('link = LinkByAuthor("author")', "link", ""),
    "LinkOfBookJoined": ('link = LinkByAuthor("author")', "link", '.select_related("author")'),
    "RowItselfShown": ("shown = RowItself(read_only=True)", "shown", ""),
    "TakesEditor": ("author = EditorOfRow(read_only=True)", "author", '.select_related("author")'),
    "TakesEditorJoined": ("author = EditorOfRow(read_only=True)", "author", '.select_related("editor")'),
    "TakesFirstTag": ("shown = FirstTag(read_only=True)", "shown", ""),
    "TakesFirstTagPrefetched": ("shown = FirstTag(read_only=True)", "shown", '.prefetch_related("tags")'),
    "TakesText": ("author = NameOfEditor(read_only=True)", "author", '.select_related("author")'),
    "TakesTextJoined": ("author = NameOfEditor(read_only=True)", "author", '.select_related("editor")'),
    "TakesKeyOfRow": ("author = LinkOfEditor(read_only=True)", "author", ""),
    "TakesItsSource": ("author = OfSource(read_only=True)", "author", ""),
    "TakesItsSourceJoined": ("author = OfSource(read_only=True)", "author", '.select_related("author")'),
    "NestedRow": ('shown = AuthorOfBook(source="*")', "shown", ""),
    "WriteOnly": ("author = AuthorSerializer(write_only=True)", "author", ""),
    "ReadOnlyField": ('shown = serializers.ReadOnlyField(source="author.name")', "shown", ""),
    "OfProperty": ('shown = serializers.CharField(source="place.name")', "shown", '.select_related("author")'),
    "OfMethod": ('shown = serializers.CharField(source="label")', "shown", ""),
    "Link": (
        'author = serializers.HyperlinkedRelatedField("author", lookup_url_kwarg="pk", read_only=True)',
        "author",
        "",
    ),
    "LinkByName": (
        'author = serializers.HyperlinkedRelatedField("named", lookup_field="name", read_only=True)',
        "author",
        "",
    ),
    "OwnLink": ('url = serializers.HyperlinkedIdentityField("author")', "url", ""),
    "TitleOnly": ("", "title", '.only("title")'),
    "YearLeftOut": ("", "year", '.only("title")'),
    "YearDeferred": ("", "year", '.defer("year")'),
    "AuthorLeftOut": ("", "author", '.only("title")'),
    "AuthorPrefetchedOverJoinedWayBack": (
        "author = AuthorSerializer()",
        "author",
        '.prefetch_related(Prefetch("reviews", Review.objects.select_related("book")), "reviews__book__author")',
    ),
    "AuthorPrefetchedOverPrefetchedWayBack": (
        "author = AuthorSerializer()",
        "author",
        '.prefetch_related(Prefetch("reviews", Review.objects.prefetch_related("book")), "reviews__book__author")',
    ),
    "AuthorPrefetchedUnreadKeyLeftOut": ("", "title", '.prefetch_related("author").only("title")'),
    "AuthorPrefetchedUnreadKeyDeferred": ("", "title", '.defer("author").prefetch_related("author")'),
    "AuthorPrefetchedUnreadKeyJoinedByAll": (
        "",
        "title",
        '.defer("author").prefetch_related("author").select_related()',
    ),
    "AuthorPrefetchedUnreadKeyKept": ("", "title", '.prefetch_related("author").only("title", "author")'),
    "CountryPrefetchedUnreadKeyLeftOut": (
        "",
        "title",
        '.select_related("author").only("title", "author__name").prefetch_related("author__country")',
    ),
    "CountryPrefetchedUnreadBehindKeyLeftOut": ("", "title", '.only("title").prefetch_related("author__country")'),
    "CountryPrefetchedWithinKeyLeftOut": (
        "",
        "title",
        '.prefetch_related(Prefetch("author", Author.objects.only("name").prefetch_related("country")))',
    ),
    "BooksPrefetchedWithinKeyLeftOut": (
        "",
        "title",
        '.prefetch_related(Prefetch("tags", to_attr="some"), '
        'Prefetch("reviews", Review.objects.defer("parent").prefetch_related("parent"), to_attr="told"))',
    ),
    "TagsPrefetchedUnreadColumnLeftOut": ("", "title", '.prefetch_related("tags").only("title")'),
    "AuthorPrefetchedUnreadKeyAllColumns": (
        "",
        "title",
        '.defer("author").prefetch_related("author").defer(None)',
    ),
    "AuthorNameLeftOut": (
        "author = AuthorSerializer()",
        "author",
        '.select_related("author").only("title", "author__country")',
    ),
    "AuthorNameKept": (
        "author = AuthorSerializer()",
        "author",
        '.select_related("author").only("title", "author__name")',
    ),
    "LinkBehindAuthor": ('author = LinkBehind(view_name="author", read_only=True)', "author", ""),
    "LinkBehindAuthorJoined": (
        'author = LinkBehind(view_name="author", read_only=True)',
        "author",
        '.select_related("author")',
    ),
    "LinkBehindAuthorAndCountryJoined": (
        'author = LinkBehind(view_name="author", read_only=True)',
        "author",
        '.select_related("author__country")',
    ),
    "LinkOfKeyOnly": ('author = LinkOfKey(view_name="author", read_only=True)', "author", ""),
    "LinkFromBookOfRow": ('link = LinkFromBook(view_name="author")', "link", ""),
    "LinkFromBookOfRowJoined": ('link = LinkFromBook(view_name="author")', "link", '.select_related("author")'),
    "NestedLink": (_NESTED_LINK, "author", '.select_related("author")'),
    "NestedLinkJoined": (_NESTED_LINK, "author", '.select_related("author__country")'),
    "NestedLinkOfRow": (_NESTED_LINK_OF_ROW, "link", ""),
    "NestedLinkOfRowJoined": (_NESTED_LINK_OF_ROW, "link", '.select_related("author__country")'),
    "NestedLinkOfRowByKey": (
        'link = NestedHyperlinkedIdentityField(view_name="of", parent_lookup_kwargs={"country_pk": "author_id"})',
        "link",
        "",
    ),
    "ReviewsWithoutKey": (
        "reviews = ReviewSerializer(many=True)",
        "reviews",
        '.prefetch_related(Prefetch("reviews", Review.objects.only("text")))',
    ),
}

_KEPT_OF_SET = """if row.reviews.all()._result_cache is not None:
            for review in [*row.reviews.all(), None]:
                if review is None or review.text == "good":
                    return str(review)
        return row.reviews.filter(text="good").count()"""

_KEPT_OF_CACHE = """if "tags" in row._prefetched_objects_cache:
            return len(row._prefetched_objects_cache["tags"])
        return row.tags.count()"""

_KEPT_OF_CACHE_OR_ANEW = """if "tags" in getattr(row, "_prefetched_objects_cache", {}):
            return len(row.tags.all())
        return len(row.tags.order_by("name"))"""

_KEPT_OF_CACHE_IF_ANY = """if hasattr(row, "_prefetched_objects_cache") and "tags" in row._prefetched_objects_cache:
            return len(row.tags.all())
        return len(row.tags.order_by("name"))"""

_KEPT_ATTRIBUTE = """if "good" in row.__dict__:
            return len(row.__dict__["good"])
        return row.reviews.filter(text="good").count()"""

_KEPT_FURTHER_ON = """if hasattr(row.author, "own"):
            return len(row.author.own)
        return row.author.books.order_by("pk").count()"""

METHODS = {
    "ReviewCount": ("return row.reviews.count()", ""),
    "ReviewCountPrefetched": ("return row.reviews.count()", '.prefetch_related("reviews")'),
    "ReviewLength": ("return len(row.reviews.all())", '.prefetch_related("reviews")'),
    "ReviewsFiltered": ('return row.reviews.filter(text="good").count()', '.prefetch_related("reviews")'),
    "ReviewCountAnnotated": ("return row.many", '.annotate(many=Count("reviews"))'),
    "FirstReview": ("return str(row.reviews.first())", '.prefetch_related("reviews")'),
    "FirstReviewOrdered": (
        "return str(row.reviews.first())",
        '.prefetch_related(Prefetch("reviews", Review.objects.order_by("pk")))',
    ),
    "FirstOfAll": ("return [review.text for review in row.reviews.all()[:1]]", '.prefetch_related("reviews")'),
    "AnyReview": ("return row.reviews.exists()", ""),
    "OtherTable": ("return Tag.objects.filter(name=row.title).count()", ""),
    "OtherRow": ("return Tag.objects.filter(name=row.title).first() is None", ""),
    "RenderedSet": ('return row.tags.values_list("name", flat=True)', ""),
    "NestedByHand": ("return ReviewSerializer(row.reviews.all(), many=True).data", ""),
    "NestedByHandPrefetched": (
        "return ReviewSerializer(row.reviews.all(), many=True).data",
        '.prefetch_related("reviews")',
    ),
    "NestedManagerByHand": ("return ReviewSerializer(row.reviews, many=True).data", '.prefetch_related("reviews")'),
    "NestedOneByHand": ("return AuthorSerializer(row.author).data", ""),
    "KeptOfSet": (_KEPT_OF_SET, ""),
    "KeptOfSetPrefetched": (_KEPT_OF_SET, '.prefetch_related("reviews")'),
    "KeptOfCache": (_KEPT_OF_CACHE, '.prefetch_related("reviews")'),
    "KeptOfCachePrefetched": (_KEPT_OF_CACHE, '.prefetch_related("reviews", "tags")'),
    "KeptOrAnew": (_KEPT_OF_CACHE_OR_ANEW, ""),
    "KeptOrAnewPrefetched": (_KEPT_OF_CACHE_OR_ANEW, '.prefetch_related("tags")'),
    "KeptIfAny": (_KEPT_OF_CACHE_IF_ANY, ""),
    "KeptIfAnyPrefetched": (_KEPT_OF_CACHE_IF_ANY, '.prefetch_related("tags")'),
    "KeptAttribute": (_KEPT_ATTRIBUTE, ""),
    "KeptAttributeToAttr": (
        _KEPT_ATTRIBUTE,
        '.prefetch_related(Prefetch("reviews", Review.objects.filter(text="good"), to_attr="good"))',
    ),
    "KeptFurtherOn": (_KEPT_FURTHER_ON, '.select_related("author").prefetch_related("author__books")'),
    "KeptFurtherOnToAttr": (
        _KEPT_FURTHER_ON,
        '.prefetch_related("author", Prefetch("author__books", Book.objects.order_by("pk"), to_attr="own"))',
    ),
    "AuthorSet": ("row.author = Author(name='x')\n        return row.author.name", ""),
    "CountrySetBehind": (
        "row.author.country = row.editor.country\n        return row.author.country.name",
        '.select_related("author", "editor__country")',
    ),
    "CountryReadBefore": (
        "name = row.author.country.name\n        row.author.country = row.editor.country\n        return name",
        '.select_related("author", "editor__country")',
    ),
    "SetByPropertyOfAnother": (
        "row.author.country = row.editor.country\n        return nation_of(row.author)",
        '.select_related("author", "editor__country")',
    ),
    "NationOfAnother": ("return nation_of(row.author)", '.select_related("author")'),
    "NotOfMeta": ('return row.reviews.count() if getattr(self.Meta, "nested", False) else 0', ""),
    "OfMeta": ('return row.reviews.count() if getattr(self.Meta, "model", None) else 0', ""),
    "NotOfClass": ("return row.reviews.count() if isinstance(row, Author) else 0", ""),
    "NotOfClasses": ("return row.reviews.count() if isinstance(row, (Author, Tag)) else 0", ""),
    "NotOfUnion": ("return row.reviews.count() if isinstance(row, Author | Tag) else 0", ""),
    "OneOfClasses": ("return row.reviews.count() if isinstance(row, (Author, Book)) else 0", ""),
    "ContextFilled": (
        """if "tags" in self.context:
            return self.context["tags"]
        self.context["tags"] = Tag.objects.count()
        return self.context["tags"]""",
        "",
    ),
    "OfContext": ('return self.context["request"].method', ""),
    "BackAgain": (
        "return [review.book.title for review in row.reviews.all()]",
        '.prefetch_related("reviews")',
    ),
    "BackAgainToAuthor": (
        "return [review.book.author.name for review in row.reviews.all()]",
        '.prefetch_related("reviews").select_related("author")',
    ),
}

VIEWS = """
def nation_of(author):
    return author.country.name


class Authored(serializers.ModelSerializer):
    author = AuthorSerializer()

    class Meta:
        model = Book
        fields = ["title", "author"]


class Overridden(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["title"]

    def to_representation(self, instance):
        shown = super().to_representation(instance)
        shown["author"] = instance.author.name
        return shown


class DepthOne(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["title", "author", "editor", "tags"]
        depth = 1


class DepthTwo(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["author"]
        depth = 2


class ProfileSerializer(serializers.ModelSerializer):
    motto = serializers.CharField(source="profile.motto")

    class Meta:
        model = Author
        fields = ["motto"]


class BooksOfAuthor(serializers.ModelSerializer):
    names = serializers.SerializerMethodField()

    class Meta:
        model = Author
        fields = ["names"]

    def get_names(self, row):
        return [book.author.name for book in row.books.all()]


class NovelSerializer(serializers.ModelSerializer):
    title_too = serializers.CharField(source="book_ptr.title")

    class Meta:
        model = Novel
        fields = ["title", "title_too"]


class ReplySerializer(serializers.ModelSerializer):
    depth = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = ["depth"]

    def get_depth(self, row):
        return 1 + self.get_depth(row.parent) if row.parent else 0


class LabelsSerializer(serializers.ModelSerializer):
    names = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["names"]

    def get_names(self, row):
        return [tag.name for tag in row.labels.all()]


class BackAgainSerializer(serializers.ModelSerializer):
    names = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["names"]

    def get_names(self, row):
        return [len(getattr(review.book, "good", row.tags.filter(name="s"))) for review in row.reviews.all()]


class BooksBackAgain(serializers.ModelSerializer):
    books = BackAgainSerializer(many=True)

    class Meta:
        model = Author
        fields = ["books"]


class TagListSerializer(serializers.ModelSerializer):
    names = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["names"]

    def get_names(self, row):
        return [tag.name for tag in row.tag_list]


class KeptBySerializer(serializers.ModelSerializer):
    shown = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["shown"]

    @cached_property
    def names(self):
        return list(Tag.objects.values_list("name", flat=True))

    def get_shown(self, row):
        return row.title in self.names


class GivenTags(serializers.ModelSerializer):
    given = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Book
        fields = ["given"]

    def to_representation(self, instance):
        instance.given = instance.tags.values_list("name", flat=True)
        return super().to_representation(instance)


class GivenTagsAtHand(GivenTags):
    def to_representation(self, instance):
        instance.given = [tag.name for tag in instance.tags.all()]
        return super(GivenTags, self).to_representation(instance)


class GivenTagsView(generics.ListAPIView):
    queryset = Book.objects.prefetch_related("tags")
    serializer_class = GivenTags


class GivenTagsAtHandView(generics.ListAPIView):
    queryset = Book.objects.prefetch_related("tags")
    serializer_class = GivenTagsAtHand


class AuthorsSetView(APIView):
    def get(self, request):
        someone = Author.objects.first()
        books = list(Book.objects.all())
        for book in books:
            book.author = someone
        return Response(Authored(books, many=True).data)


class AuthorsNotSetView(APIView):
    def get(self, request):
        return Response(Authored(Book.objects.all(), many=True).data)


class OverriddenView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = Overridden


class OverriddenJoinedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author")
    serializer_class = Overridden


class DepthOneView(generics.ListAPIView):
    queryset = Book.objects.select_related("author", "editor")
    serializer_class = DepthOne


class DepthOnePrefetchedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author", "editor").prefetch_related("tags")
    serializer_class = DepthOne


class DepthTwoView(generics.ListAPIView):
    queryset = Book.objects.select_related("author")
    serializer_class = DepthTwo


class DepthTwoJoinedView(generics.ListAPIView):
    queryset = Book.objects.select_related("author__country")
    serializer_class = DepthTwo


class ProfileView(generics.ListAPIView):
    queryset = Author.objects.all()
    serializer_class = ProfileSerializer


class ProfileJoinedView(generics.ListAPIView):
    queryset = Author.objects.select_related("profile")
    serializer_class = ProfileSerializer


class BooksOfAuthorView(generics.ListAPIView):
    queryset = Author.objects.all()
    serializer_class = BooksOfAuthor


class BooksOfAuthorPrefetchedView(generics.ListAPIView):
    queryset = Author.objects.prefetch_related("books")
    serializer_class = BooksOfAuthor


class NovelView(generics.ListAPIView):
    queryset = Novel.objects.all()
    serializer_class = NovelSerializer


class RepliesView(generics.ListAPIView):
    queryset = Review.objects.select_related("parent")
    serializer_class = ReplySerializer


class RepliesAsFarAsTheyGoView(generics.ListAPIView):
    queryset = Review.objects.select_related("parent__parent")
    serializer_class = ReplySerializer


class TagListView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = TagListSerializer


class TagListGivenView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = TagListSerializer

    def paginate_queryset(self, queryset):
        books = list(queryset)
        for book in books:
            book.__dict__["tag_list"] = []
        return books

    def get_paginated_response(self, data):
        return Response(data)


class TagListGivenToEitherView(TagListGivenView):
    def get_queryset(self):
        if self.request.query_params:
            return Book.objects.order_by("title")
        return Book.objects.order_by("year")


class TagListSetView(APIView):
    def get(self, request):
        books = list(Book.objects.all())
        for book in books:
            book.tag_list = []
        return Response(TagListSerializer(books, many=True).data)


class KeptBySerializerView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = KeptBySerializer


class LinesOfSetView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = LabelsSerializer


class LinesOfSetPrefetchedView(generics.ListAPIView):
    queryset = Book.objects.prefetch_related("labels")
    serializer_class = LabelsSerializer


class LinesOfSetPrefetchView(generics.ListAPIView):
    queryset = Book.objects.prefetch_related(Prefetch("labels", Tag.objects.order_by("name")))
    serializer_class = LabelsSerializer


class BackAgainView(generics.ListAPIView):
    queryset = Book.objects.prefetch_related(
        "reviews", Prefetch("tags", Tag.objects.filter(name="s"), to_attr="good")
    )
    serializer_class = BackAgainSerializer


class BackAgainPrefetchedView(generics.ListAPIView):
    queryset = Author.objects.prefetch_related(
        Prefetch(
            "books",
            Book.objects.prefetch_related(
                "reviews", Prefetch("tags", Tag.objects.filter(name="s"), to_attr="good")
            ),
        )
    )
    serializer_class = BooksBackAgain


class OwnBookView(generics.ListAPIView):
    serializer_class = Overridden

    def get_queryset(self):
        return Book.objects.filter(pk=self.request.query_params.get("book", 1))


class BackendView(generics.ListAPIView):
    queryset = Book.objects.all()
    serializer_class = Overridden
    filter_backends = [Joining]


class LinesView(APIView):
    def get(self, request):
        return Response(LineSerializer(Book.objects.all(), many=True).data)


class LinesJoinedView(APIView):
    def get(self, request):
        return Response(LineSerializer(Book.objects.select_related("author"), many=True).data)


class ChosenView(APIView):
    def get(self, request):
        return Response(Chosen(Book.objects.all(), many=True, fields=["title"]).data)


class ChosenAllView(APIView):
    def get(self, request):
        return Response(Chosen(Book.objects.all(), many=True, fields=["author"]).data)


class ManagerView(APIView):
    def get(self, request):
        return Response(Overridden(Book.objects, many=True).data)


class ListView(APIView):
    def get(self, request):
        return Response(Overridden(list(Book.objects.all()), many=True).data)


class OneByOneView(APIView):
    def get(self, request):
        return Response([Overridden(book).data for book in Book.objects.all()])


class OneByOneJoinedView(APIView):
    def get(self, request):
        return Response([Overridden(book).data for book in Book.objects.select_related("author")])


class ValuesView(APIView):
    def get(self, request):
        return Response([row["title"] for row in Book.objects.values("title")])


class NothingView(APIView):
    def get(self, request):
        return Response(Overridden(Book.objects.none(), many=True).data)


class ByActionView(generics.ListAPIView):
    queryset = Book.objects.all()

    def get_serializer_class(self):
        if self.request.method == "POST":
            return LineSerializer
        return Overridden

    def get_queryset(self):
        queryset = super().get_queryset()
        if self.request.method == "GET":
            queryset = queryset.select_related("author")
        return queryset
"""


def _written() -> str:
    shown = {name: (declared, field, loaded, "") for name, (declared, field, loaded) in FIELDS.items()}
    for name, (body, loaded) in METHODS.items():
        method = f"\n\n    def get_shown(self, row):\n        {body}\n"
        shown[name] = ("shown = serializers.SerializerMethodField()", "shown", loaded, method)
    return "\n".join(
        f"""
class {name}(serializers.ModelSerializer):
    {declared or "pass"}

    class Meta:
        model = Book
        fields = ["pk", "{field}"]
{method}

class {name}View(generics.ListAPIView):
    queryset = Book.objects.all(){loaded}
    serializer_class = {name}
"""
        for name, (declared, field, loaded, method) in shown.items()
    )


TEXT = START + VIEWS + WAYS + OWNERS + ARGUMENTS + _written()
NAMES: list[str] = re.findall(r"^class (\w+View)\(", TEXT, re.MULTILINE)

URLS = "\n".join(
    [
        "from django.urls import path",
        "from shop import views",
        "urlpatterns = [",
        '    path("author/<int:pk>/", views.PlainView.as_view(), name="author"),',
        '    path("of/<str:country_pk>/<int:pk>/", views.PlainView.as_view(), name="of"),',
        '    path("named/<str:name>/", views.PlainView.as_view(), name="named"),',
        *(f'    path("{name}/", views.{name}.as_view()),' for name in NAMES),
        "]",
    ]
)
