"""Functions over the bookshop: what each returns and queries is asked of Django and of the analysis."""

from __future__ import annotations

READS = """
def each_nick(): return [book.nick for book in Book.objects.all()]
def each_by_other_manager(): return [list(author.books(manager="plain").all()) for author in Author.objects.all()]
def deferred(): return [book.year for book in Book.objects.only("title")]
def deferred_but_read(): return [book.year for book in Book.objects.defer("year")]
def nothing_deferred(): return [book.year for book in Book.objects.defer("year").defer(None)]
def climbed():
    for review in Review.objects.all():
        while review:
            review = review.parent
def searched_in(): return Book.objects.first() in Book.objects.all()
def truth_of_rows():
    if Book.objects.filter(year=1):
        return Book
    return Tag
def truth_of_rows_and():
    if Book.objects.all() and not Tag.objects.all():
        return Book
    return Tag
def narrowed_per_row(): return [author.books.filter(year=2001).first() for author in Author.objects.all()]
def lists_per_row():
    return [[book.author for book in author.books.filter(year=2001)] for author in Author.objects.all()]
def extra_column(): return [book.more for book in Book.objects.extra(select={"more": "1"})]
def by_dates(): return [year for year in Book.objects.order_by().values_list("year")]
def rows(): return Book.objects.all()
def a_slice(): return Book.objects.filter(year=2001)[:2]
def an_index(): return Book.objects.all()[0]
def one(): return Book.objects.get(pk=1)
def first_values(): return Book.objects.values("title").first()
def value_list(): return [row for row in Book.objects.values_list("title", flat=True)]
def counted(): return Book.objects.filter(year=1).count()
def made(): return Book.objects.create(title="x", author_id=1)
def changed(): return Book.objects.update(year=1)
def bulk(): return Book.objects.in_bulk()
def nothing(): return list(Book.objects.none())
def each_author(): return [book.author for book in Book.objects.all()]
def each_by_iterator(): return [book.author for book in Book.objects.iterator()]
def each_country(): return {book.place for book in Book.objects.all()}
def each_tag(): return [tag for book in Book.objects.all() for tag in book.tags.all()]
def each_tag_list(): return [book.tag_list for book in Book.objects.all()]
def each_count(): return [book.reviews.count() for book in Book.objects.all()]
def each_profile(): return [author.profile for author in Author.objects.all()]
def each_text(): return [str(author) for author in Author.objects.all()]
def each_title(): return [book.title for book in Book.objects.all()]
def each_key(): return [(book.pk, book.author_id) for book in Book.objects.all()]
def each_in_fstring(): return [f"{author}" for author in Author.objects.all()]
def by_title(): return {book.title: book for book in Book.objects.all()}
def back_again(): return [book.author for author in Author.objects.all() for book in author.books.all()]
def renamed():
    some = Book.objects
    rows = some.filter(year=2001)
    return rows.order_by("year").distinct().reverse()
def from_own_queryset(): return Book.plain.recent()
def from_manager(): return Book.shop.cheap()
def from_manager_recent(): return Book.shop.recent().newest()
def model_of_manager(): return Book.shop.kept()
def model_of_rows(): return Book.objects.all().model
def default_manager(): return Book._default_manager.all()
def base_manager(): return Book._base_manager.all()
def constructed(): return BookQuerySet(Book).recent()
def constructed_by_name(): return BookQuerySet(model=Book)
def of_the_module(): return shop_models.Book.objects.all()
def of_a_constant(): return RECENT
def joined_rows(): return Book.objects.filter(year=1) | Book.objects.filter(year=2)
def union_of_rows(): return Book.objects.filter(year=1).union(Book.objects.filter(year=2))
def raw_rows(): return list(Book.objects.raw("select * from shop_book"))
def as_list(): return list(Book.objects.all())
def as_tuple(): return tuple(reversed(Book.objects.order_by("pk")))
def in_order(): return sorted(Book.objects.all(), key=lambda book: book.author_id)
def the_next(): return next(iter(Book.objects.all()))
def next_or(): return next(iter(Book.objects.none()), None)
def the_largest(): return max(Book.objects.all(), key=id)
def the_larger(): return max(2, 3)
def numbered(): return [book for number, book in enumerate(Book.objects.all())]
def zipped(): return [pair for pair in zip(Book.objects.all(), Tag.objects.all())]
def mapped_rows(): return list(map(lambda book: book.author, Book.objects.all()))
def kept_rows(): return list(filter(lambda book: book.author, Book.objects.all()))
def kept_true(): return list(filter(None, Book.objects.all()))
def sized(): return len(Book.objects.all())
def tested(): return bool(Book.objects.all())
def summed(): return sum(book.price for book in Book.objects.all())
def any_of(): return any(book.author for book in Book.objects.all())
def copied(): return copy.copy(Book.objects.all())
def deeply_copied(): return copy.deepcopy(Book.objects.all())
def casted(): return cast(object, Book.objects.all())
def found_or_404(): return get_object_or_404(Book, pk=1)
def found_in_rows_or_404(): return get_object_or_404(Book.objects.all(), pk=1)
def found_in_manager_or_404(): return get_object_or_404(Book.objects, pk=1)
def some_or_404(): return get_list_or_404(Book.objects.all())
def user_model(): return get_user_model()
def model_by_name(): return apps.get_model("shop.Book")
def model_by_names(): return apps.get_model("shop", "Book")
def rows_of_model_by_name(): return apps.get_model("shop", "Book").objects.all()
def of_generator(): return [book for book in pages()]
def of_generators(): return [book for book in chained()]
def not_there(): return [book for book in Book.objects.all() if book not in Book.objects.filter(year=1)]
def named_by_text(): return [getattr(book, "author") for book in Book.objects.all()]
def named_by_text_or(): return [getattr(book, "shelf", None) for book in Book.objects.all()]
def has_profile(): return [hasattr(author, "profile") for author in Author.objects.all()]
def has_method(): return [hasattr(book, "label") for book in Book.objects.all()]
def has_annotation(): return [hasattr(book, "tag_count") for book in Book.objects.annotate(tag_count=Count("tags"))]
def has_no_such(): return [hasattr(book, "shelf") for book in Book.objects.all()]
def rows_have(): return hasattr(Book.objects.all(), "filter"), hasattr(Book.plain.all(), "recent")
def rows_have_not(): return hasattr(Book.objects.all(), "recent")
def annotated(): return [book.tag_count for book in Book.objects.annotate(tag_count=Count("tags"))]
def of_static_method(): return [book.doubled(book) for book in Book.objects.all()]
def of_class_method(): return [book.oldest() for book in Book.objects.all()[:1]]
def of_class(): return Book.oldest()
def types_of(): return [book.set_of() for book in Book.objects.all()]
def texts_of(): return [book.label("b", 1, 2, end=3, x=4) for book in Book.objects.all()]
def texts_of_default(): return [book.label() for book in Book.objects.all()]
def texts_by_keyword(): return [book.label(prefix="c") for book in Book.objects.all()]
def in_while():
    books = Book.objects.all()
    found = []
    while True:
        found.append(books[0])
        break
    return found
def in_loop():
    found = []
    for book in Book.objects.all():
        found.append(book.author)
    return found
def in_loop_else():
    for book in Book.objects.all():
        pass
    else:
        return book
def in_try():
    try:
        return Book.objects.get(pk=1)
    except Book.DoesNotExist:
        return Tag.objects.get(pk=1)
    finally:
        str()
def in_with():
    with open("/dev/null") as file:
        return Book.objects.first()
"""

VALUES = """
def of_nested_class(): return Basket.Lining.colour, Basket().Lining.colour
def of_static(): return Basket().twice(Book), Basket.twice(Tag)
def of_class_table(): return Basket.kinds, Basket().first
def of_proxy(): return Classic(title="x").label(), Classic.oldest()
def serializer_context(): return BookSerializer(context={"kind": Book}).context["kind"]
def serializer_method(): return BookSerializer(context={"kind": Tag}).kind()
def serializer_instance(): return BookSerializer(Book.objects.first()).instance, BookSerializer(None).instance
def serializer_data(): return BookSerializer(Book(title="a")).data
def serializer_class(): return type(BookSerializer()), type(Book())
def managers_rows(): return Book.shop.get_queryset(), Book.objects.get_queryset()
def parts_of_rows(): return Book.objects.all().db, Book.objects.db
def negated(flag=None): return not flag, not len(CHOSEN)
def doubly_compared(): return 1 < len(CHOSEN) < 3
def in_names(): return "a" in [Book, "a"], len(CHOSEN) in (2, 3)
def in_either(flag=CHOSEN): return "a" in ({"a": 1} if len(flag) else {"b": 2})
def not_in_text(): return "z" not in "abc"
def sums(): return [1] + [name for name in CHOSEN], [name for name in CHOSEN] + [1]
def both_narrowed(one=CHOSEN):
    first = Book if len(one) else None
    second = Tag if len(one) else None
    if first and second:
        return first, second
    return Book, Tag
def neither_narrowed(one=CHOSEN):
    first = Book if len(one) else None
    second = Tag if len(one) else None
    if not first or second is None:
        return Book, Tag
    return first, second
def spread(): return dict(**{"a": Book})
def spread_arguments():
    def pair(first, second=None, *, third=None):
        return first, second, third
    return pair(*[Book, Tag], **{"third": Author})
def of_inner_class():
    class Inner:
        kind = Book
    return Inner, Inner()
def signs(): return -1, +1, ~1
def unpacked_rest():
    first, *rest = CHOSEN
    (one, two), three = (Book, Tag), Author
    return two, three
def entry_set():
    table = {"a": Book}
    table["a"] = Tag
    return table["a"]
def if_else(one=CHOSEN):
    if len(one):
        kind = Book
    else:
        raise ValueError
    return kind
def else_only(one=CHOSEN):
    if not len(one):
        return Tag
    else:
        kind = Book
    return kind
def matched_by_value(one=CHOSEN):
    match len(one):
        case 1:
            return Book
        case 2:
            return Tag
        case _:
            return Author
def matched_none():
    kind = Book
    match "x":
        case "a":
            kind = Tag
    return kind
def continued():
    found = []
    for name in ("a", "b"):
        if name == "a":
            continue
        found.append(name)
    return found
def counted_down():
    left = 3
    while left:
        left -= 1
    return left
def handled_by_raising(one=CHOSEN):
    try:
        kind = Book
    except ValueError as error:
        raise KeyError from error
    finally:
        one = ()
    return kind
def grown_either_way(one=CHOSEN):
    names = ["a"] if len(one) else ["a", "b"]
    names.append("c")
    return names
def grown_by_rows():
    names = set()
    for book in Book.objects.all():
        names.add(book.title)
    return names
def changed_list():
    names = [book.title for book in Book.objects.all()]
    names.append("x")
    names.insert(0, "y")
    names.extend(["z"])
    names.sort()
    return names
def extended_by_many():
    kinds = [Book]
    kinds.extend(kind for kind in (Tag, Author))
    kinds.reverse()
    return kinds
def removed_one_of_two(one=CHOSEN):
    kinds = [Book, Tag]
    kinds.remove(Book if len(one) else Tag)
    return kinds
def updated_by_computed():
    table = {"a": Book}
    table.update({str(1): Tag})
    return table
def updated_by_pairs():
    table = {"a": Book}
    table.update([("b", Tag)])
    return table
def one_of_a_table(one=CHOSEN):
    return {"a": Book, "b": Tag}["a" if len(one) else "b"]
def one_got_of_a_table(one=CHOSEN):
    return {"a": Book, "b": Tag}.get(one[0] + "x"), {"a": Book}.get(str(one), Tag)
def of_empty(): return [], {}, list(), dict()
def part_of_empty(one=CHOSEN): return [][1:], [][:len(one)]
def part_by_number(one=CHOSEN): return (Book, Tag)[:len(one)]
def text_of_text(): return "a".upper()
def converted(): return int("1"), float(1)
def text_of_rows(): return f"{Book.objects.all()}"
def text_of_tag(): return str(Tag.objects.first())
def over_keys(): return [key for key in {"a": Book, "b": Tag}]
def counted_rounds():
    rounds = 0
    for tag in Tag.objects.all():
        rounds += 1
    return rounds
def popped_of_many(): return [tag for tag in Tag.objects.all()].pop()
def large_numbers(): return max(1, 2), min([1, 2])
def listed_apart():
    books = Book.objects.prefetch_related(Prefetch("tags", queryset=Tag.objects.filter(name="s"), to_attr="some"))
    return [book.some for book in books]
def each_by_chunks(): return [book.author for book in Book.objects.prefetch_related("tags").iterator(chunk_size=2)]
def a_text(): return "a" + "b"
def a_number(): return 1 + 2
def a_difference(): return 3 - 1
def a_flag(): return not True
def bytes_of(): return b"a"
def none_of(): return None
def no_return(): pass
def a_comparison(): return 1 < 2, 2 <= 1, 3 > 1, 1 >= 2
def an_equality(): return 1 == 1, "a" != "b", None is None, 1 is not None
def same_class(): return Book is Book
def not_none(): return Book.objects is None, Basket() is not None
def contained(): return "a" in ("a", "b"), "c" in ["a"], "a" in "abc", "a" in {"a": 1}, "b" not in {"a": 1}
def decided(): return 1 if "a" in ("a",) else Book
def either_way(flag=CHOSEN): return Book if flag else None
def short_and(): return "" and Book
def short_or(): return "" or Book
def long_or(): return "x" or Book
def sum_of_lists(): return ["a"] + ["b"]
def starred(): return [*CHOSEN, "price"]
def merged_dicts(): return {**{"a": 1}, "b": 2} | {"c": 3}
def from_dict(): return {"a": Book, "b": Tag}["a"]
def got_from_dict(): return {"a": Book}.get("a"), {"a": Book}.get("b"), {"a": Book}.get("b", Tag)
def keys_of(): return [key for key in {"a": 1}]
def values_of(): return [value for value in {"a": Book}.values()]
def items_of(): return [value for key, value in {"a": Book}.items()]
def names_of(): return [key for key in {"a": Book}.keys()]
def copied_dict(): return {"a": Book}.copy()
def copied_list(): return ["a"].copy()
def dict_of(): return dict(a=Book), dict({"b": Tag})
def parts(size=len("ab")): return CHOSEN[1:], CHOSEN[::-1], CHOSEN[:0], ("a", "b")[:size], CHOSEN[size:][:1]
def part_of_many(): return [tag.name for tag in Tag.objects.all()][:1]
def position(): return CHOSEN[0], CHOSEN[-1], CHOSEN[:1]
def some_position(): return (Book, Tag)[len(CHOSEN) - 1]
def grown():
    names = ["a"]
    names.append("b")
    names.insert(0, "c")
    names.extend(["d"])
    names.remove("a")
    return names
def grown_set():
    names = {"a"}
    names.add("b")
    names.update(["c"])
    names.discard("a")
    return names
def cleared():
    names, table = ["a"], {"a": 1}
    names.clear()
    table.clear()
    return names, table
def popped():
    kinds = [Book, Tag]
    return kinds.pop()
def grown_dict():
    table = {"a": Book}
    table["b"] = Tag
    table.update({"c": Author}, d=Review)
    table.setdefault("e", Profile)
    table.pop("a")
    return table
def grown_in_loop():
    names = []
    for name in CHOSEN:
        names.append(name)
    return names
def grown_in_rows():
    found = ["x"]
    for book in Book.objects.all():
        found.append("y")
        found.extend(["z"])
    return found
def unpacked():
    first, second = Book, Tag
    [third, fourth] = (Author, Review)
    return second, fourth
def annotated_name():
    kind: type = Book
    other: type
    return kind
def augmented():
    total = 1
    total += 2
    return total
def bound_in_test():
    if (kind := Book):
        return kind
def branches():
    if "title" in CHOSEN:
        return Book
    return Tag
def other_branch():
    if "price" in CHOSEN:
        return Book
    elif not CHOSEN:
        return Tag
    return Author
def unknown_branch():
    kind = Book
    if len(CHOSEN) > 1:
        kind = Tag
    return kind
def without_none():
    kind = None if len(CHOSEN) > 5 else Book
    if kind is None:
        return Tag
    return kind
def without_falsy():
    kind = None if len(CHOSEN) > 5 else Book
    if not kind:
        raise ValueError
    return kind
def matched():
    match "b":
        case "a":
            return Book
        case "b" | "c":
            return Tag
def matched_else():
    match "x":
        case "a":
            return Book
        case other:
            return other
def matched_part():
    match CHOSEN:
        case (first, *rest) if first:
            kind = Tag
        case _:
            kind = Book
    return kind
def broken_loop():
    for name in ("a", "b"):
        if name == "b":
            break
        found = name
    return found
def returned_from_loop():
    for kind in ("a", "b"):
        return kind
def deleted():
    kind, other = Book, Tag
    del kind
    assert other
    return other
def handled():
    try:
        kind = Book
    except ValueError:
        kind = Tag
    else:
        kind = Author
    return kind
def of_lambda():
    pick = lambda kind, other=None: kind
    return pick(Tag)
def an_object(): return Basket()
def of_object(): return Basket().total(), BigBasket().total(), Basket.size
def class_of_object(): return Basket().__class__, Basket.named(), Basket().named(), type(Basket())
def rows_of_object(): return Basket().books, BigBasket().books
def set_on_object():
    basket = Basket()
    basket.owner = Book
    return basket.owner
def has_size(): return hasattr(Basket(), "size")
def is_a(): return isinstance(BigBasket(), Basket), isinstance(Book(), Book), isinstance(Book.plain.all(), BookQuerySet)
def is_rows(): return isinstance(Book.objects.all(), type(Book.objects.all()))
def unsaved(): return Book(title="a")
def unsaved_country(): return Author(country=Country()).country_id
def nested_dicts(): return {"a": {"b": Book}}["a"]["b"]
def first_of_pair(): return Book.objects.get_or_create(pk=1)[0]
def first_of_made(): return Tag.objects.update_or_create(pk=1, defaults={"name": "z"})[0]
def is_negative(): return -1
def books_of_reviews(): return [Review.objects.first().book]
def filled_set(): return Book.objects.get(pk=1).tags.add(Tag.objects.first())
def meta_of(): return Book.objects.get(pk=1)._state.adding
def a_conditional(): return Book if Book.objects.all() else Tag
def a_set(): return {"a", "b"}
def table_over_rows(): return {tag.name: tag for tag in Tag.objects.all()}
def table_of_computed(): return {str(1): Book}
"""
