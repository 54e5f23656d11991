"""Paths are added to a queryset wherever it is built, in the form of what stands there."""

from __future__ import annotations

from textwrap import dedent

import pytest

from djlint_spec.diagnostics import AddLoading, Span
from tests.fixes.lowering import at, fixed, lowered, refused


def loaded(chain: str, *select: str, prefetch: tuple[str, ...] = (), to_one: tuple[str, ...] = ()) -> str:
    """A chain with paths added, on one line as long as it may be."""
    text = f"rows = {chain}\n"
    intent = AddLoading(at(text, chain), select, prefetch, to_one=frozenset(to_one))
    wide = {"pyproject.toml": "[tool.black]\nline-length = 300"}
    return fixed(text, intent, settings=wide).removeprefix("rows = ").removesuffix("\n")


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ("Order.objects.all()", 'Order.objects.select_related("hub__ward")'),
        ("Order.objects", 'Order.objects.select_related("hub__ward")'),
        ("Order.objects.filter(a=1)", 'Order.objects.filter(a=1).select_related("hub__ward")'),
        ("super().get_queryset()", 'super().get_queryset().select_related("hub__ward")'),
        ("self.queryset.all()", 'self.queryset.select_related("hub__ward")'),
        ('Order.objects.select_related("hub")', 'Order.objects.select_related("hub__ward")'),
        ('Order.objects.select_related("hub", "x")', 'Order.objects.select_related("hub__ward", "x")'),
        ('Order.objects.select_related("x").filter(a=1)', 'Order.objects.select_related("x", "hub__ward").filter(a=1)'),
        ("Order.objects.select_related(*PATHS)", 'Order.objects.select_related(*PATHS, "hub__ward")'),
        ("Order.objects.select_related()", 'Order.objects.select_related("hub__ward")'),
        ("Order.objects.select_related(None)", 'Order.objects.select_related(None).select_related("hub__ward")'),
        ("Order.objects.iterator()", 'Order.objects.select_related("hub__ward").iterator()'),
        ("Order.objects.all().iterator()", 'Order.objects.select_related("hub__ward").iterator()'),
        ("Order.objects.all()[:10]", 'Order.objects.select_related("hub__ward")[:10]'),
        (
            'Order.objects.prefetch_related("lines")',
            'Order.objects.select_related("hub__ward").prefetch_related("lines")',
        ),
        (
            'Order.objects.all().prefetch_related("lines")',
            'Order.objects.select_related("hub__ward").prefetch_related("lines")',
        ),
    ],
)
def test_select_related_is_added_or_extended_in_place(chain: str, expected: str) -> None:
    assert loaded(chain, "hub__ward") == expected


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ("Order.objects.all()", 'Order.objects.prefetch_related("lines__product")'),
        ('Order.objects.prefetch_related("lines")', 'Order.objects.prefetch_related("lines__product")'),
        ('Order.objects.prefetch_related("tags")', 'Order.objects.prefetch_related("tags", "lines__product")'),
        (
            'Order.objects.prefetch_related(Prefetch("lines", queryset=Line.objects.all()))',
            'Order.objects.prefetch_related(Prefetch("lines", queryset=Line.objects.select_related("product")))',
        ),
        (
            'Order.objects.prefetch_related(Prefetch("lines", Line.objects.filter(a=1)))',
            'Order.objects.prefetch_related(Prefetch("lines", Line.objects.filter(a=1).select_related("product")))',
        ),
        # A queryset that stands elsewhere keeps its form; a string behind the Prefetch goes on from it.
        (
            'Order.objects.prefetch_related(Prefetch("lines", queryset=lines))',
            'Order.objects.prefetch_related(Prefetch("lines", queryset=lines), "lines__product")',
        ),
        (
            'Order.objects.prefetch_related(Prefetch("lines"))',
            'Order.objects.prefetch_related(Prefetch("lines"), "lines__product")',
        ),
        (
            'Order.objects.prefetch_related(Prefetch("lines", queryset=Line.objects.only("id")))',
            'Order.objects.prefetch_related(Prefetch("lines", queryset=Line.objects.only("id")), "lines__product")',
        ),
        # What a Prefetch puts elsewhere does not serve the relation itself.
        (
            'Order.objects.prefetch_related(Prefetch("lines", to_attr="cheap"))',
            'Order.objects.prefetch_related(Prefetch("lines", to_attr="cheap"), "lines__product")',
        ),
        ("Order.objects.prefetch_related(*PATHS)", 'Order.objects.prefetch_related(*PATHS, "lines__product")'),
        (
            "Order.objects.prefetch_related(None)",
            'Order.objects.prefetch_related(None).prefetch_related("lines__product")',
        ),
    ],
)
def test_a_to_one_path_below_a_to_many_goes_into_the_prefetch(chain: str, expected: str) -> None:
    assert loaded(chain, prefetch=("lines__product",), to_one=("lines__product",)) == expected


def test_a_to_many_path_below_a_prefetch_is_prefetched_by_its_inner_queryset() -> None:
    chain = 'Order.objects.prefetch_related(Prefetch("lines", queryset=Line.objects.all()))'
    assert loaded(chain, prefetch=("lines__product__tags",), to_one=("lines__product",)) == (
        'Order.objects.prefetch_related(Prefetch("lines", queryset=Line.objects.prefetch_related("product__tags")))'
    )


def test_a_join_that_goes_on_from_a_name_that_is_prefetched_goes_with_it() -> None:
    chain = 'Order.objects.prefetch_related("hub", "tags")'
    assert loaded(chain, "hub__ward", "owner") == (
        'Order.objects.select_related("owner").prefetch_related("hub__ward", "tags")'
    )


def test_rows_under_a_name_of_their_own_are_loaded_in_their_prefetch() -> None:
    chain = 'Order.objects.prefetch_related(Prefetch("lines", queryset=Line.objects.all(), to_attr="cheap"))'
    assert loaded(chain, prefetch=("cheap__product",), to_one=("cheap__product",)) == (
        "Order.objects.prefetch_related("
        'Prefetch("lines", queryset=Line.objects.select_related("product"), to_attr="cheap"))'
    )


@pytest.mark.parametrize(
    ("chain", "why"),
    [
        ("Order.objects.values('a')", "leaves no rows"),
        ("Order.objects.filter(a=1).union(others)", "leaves no rows"),
        ("Order.objects.only('a')", "keeps columns away"),
        ("Order.objects.select_for_update()", "would lock"),
        ("mine | others", "do not come from a chain"),
        ("[order for order in orders]", "do not come from a chain"),
        ("Order.objects.select_related('hub__ward__x')", "names every path already"),
    ],
)
def test_what_would_be_invalid_is_left_and_told(chain: str, why: str) -> None:
    text = f"rows = {chain}\n"
    assert why in refused(text, AddLoading(at(text, chain), ("hub__ward",)))


def test_sets_are_loaded_before_an_iterator_that_takes_them_in_chunks() -> None:
    assert loaded("Order.objects.iterator(chunk_size=9)", prefetch=("lines",)) == (
        'Order.objects.prefetch_related("lines").iterator(chunk_size=9)'
    )
    assert loaded("Order.objects.iterator(9)", prefetch=("lines",)).endswith('("lines").iterator(9)')
    text = "rows = Order.objects.iterator()\n"
    why = refused(text, AddLoading(at(text, "Order.objects.iterator()"), prefetch_related=("lines",)))
    assert why == "`.iterator()` fetches no sets without `chunk_size`"


def test_a_chain_over_lines_stays_in_its_form() -> None:
    text = dedent("""
        class OrderViewSet(ModelViewSet):
            queryset = (
                Order.objects.filter(is_open=True)  # the closed ones are archived
                .order_by("created_at")
            )
    """)
    chain = text[text.index("Order.objects") : text.index("\n    )")]
    assert fixed(text, AddLoading(at(text, chain), ("hub",), ("lines",))) == dedent("""
        class OrderViewSet(ModelViewSet):
            queryset = (
                Order.objects.filter(is_open=True)  # the closed ones are archived
                .order_by("created_at")
                .select_related("hub")
                .prefetch_related("lines")
            )
    """)


def test_a_chain_that_black_would_not_leave_so_keeps_its_own_form() -> None:
    text = "rows = (Order.objects\n        .filter( is_open = True )\n        .order_by('created_at'))\n"
    chain = text[len("rows = (") : -2]
    assert fixed(text, AddLoading(at(text, chain), ("hub",))) == (
        "rows = (Order.objects\n        .filter( is_open = True )\n        .order_by('created_at')\n"
        "        .select_related('hub'))\n"
    )


def test_a_line_that_grows_too_long_is_laid_out_as_black_does() -> None:
    text = "class V:\n    queryset = Order.objects.filter(customer__is_active=True)\n"
    intent = AddLoading(at(text, "Order.objects.filter(customer__is_active=True)"), ("customer__company",))
    assert fixed(text, intent) == (
        "class V:\n    queryset = Order.objects.filter(customer__is_active=True).select_related(\n"
        '        "customer__company"\n    )\n'
    )


def test_a_line_over_the_known_length_is_laid_out_for_the_usual_one_that_it_keeps_to() -> None:
    chain = "Order.objects.filter(customer__is_active=True, customer__company__name=wanted_name)"
    text = f"class V:\n    queryset = {chain}\n"
    assert 88 < len(text.splitlines()[1]) < 100
    assert fixed(text, AddLoading(at(text, chain), ("warehouse",))) == (
        "class V:\n    queryset = Order.objects.filter(\n"
        "        customer__is_active=True, customer__company__name=wanted_name\n"
        '    ).select_related("warehouse")\n'
    )


def test_no_join_goes_over_the_rows_that_a_prefetch_fetches_with_a_queryset_of_its_own() -> None:
    chain = 'Order.objects.prefetch_related(Prefetch("hub", queryset=Hub.objects.annotate(n=Count("x"))))'
    assert loaded(chain, "hub__ward", "customer") == (
        'Order.objects.select_related("customer").prefetch_related('
        'Prefetch("hub", queryset=Hub.objects.annotate(n=Count("x")).select_related("ward")))'
    )


def test_several_names_behind_others_bring_no_comma_of_their_own() -> None:
    assert loaded('Order.objects.select_related("x")', "hub", "ward") == (
        'Order.objects.select_related("x", "hub", "ward")'
    )


def test_the_longest_of_the_names_that_a_path_goes_on_from_is_made_longer_in_its_quotes() -> None:
    assert loaded("""Order.objects.select_related("hub", 'hub__ward')""", "hub__ward__head") == (
        """Order.objects.select_related("hub", 'hub__ward__head')"""
    )


def test_names_side_by_side_before_a_bracket_on_its_own_line_stay_so() -> None:
    text = (
        "class V:\n    rows = Order.objects.filter( a = 1 ).select_related(\n        'x', 'y',\n    ).order_by('pk')\n"
    )
    chain = text[text.index("Order") : -1]
    assert fixed(text, AddLoading(at(text, chain), ("hub", "ward"))) == text.replace("'y',", "'y', 'hub', 'ward',")


def test_a_line_too_long_in_code_that_black_does_not_lay_out_is_broken_at_its_calls() -> None:
    text = "def rows():\n    qs = Order.objects.filter( a = 1\n    )\n    return qs\n"
    chain = text[text.index("Order") : text.index("    return") - 1]
    names = tuple(f"warehouse_{number}__region__country" for number in range(3))
    assert fixed(text, AddLoading(at(text, chain), names, ("lines",))) == (
        "def rows():\n    qs = Order.objects.filter( a = 1\n    ).select_related(\n"
        + "".join(f'        "{name}",\n' for name in names)
        + '    ).prefetch_related("lines")\n    return qs\n'
    )


def test_the_iterable_of_a_loop_is_loaded() -> None:
    text = "def totals():\n    for order in Order.objects.all():\n        yield order.hub.name\n"
    assert fixed(text, AddLoading(at(text, "Order.objects.all()"), ("hub",))) == (
        'def totals():\n    for order in Order.objects.select_related("hub"):\n        yield order.hub.name\n'
    )


# ------------------------------------------------------------------------------------------------ in the view
BASE = "class Base(ModelViewSet):\n    def get_queryset(self):\n        return self.model.objects.all()\n"


def in_view(view: str) -> str:
    """A view whose rows the base in another file builds, with `hub` loaded."""
    files = {"base.py": BASE, "a.py": view}
    return lowered(
        files, AddLoading(at(BASE, "self.model.objects.all()", "base.py"), ("hub",), view=at(view, "Orders"))
    )["a.py"]


def test_a_view_whose_base_builds_the_rows_gets_a_get_queryset() -> None:
    view = "class Orders(Base):\n    model = Order\n"
    assert in_view(view) == (
        "class Orders(Base):\n    model = Order\n\n    def get_queryset(self):\n"
        '        return super().get_queryset().select_related("hub")\n'
    )


def test_a_method_with_a_long_line_is_laid_out() -> None:
    view = "class Orders(Base):\n    model = Order\n"
    span, paths = at(BASE, "self.model.objects.all()", "base.py"), ("customer__company", "warehouse__region__country")
    made = lowered({"base.py": BASE, "a.py": view}, AddLoading(span, paths, view=at(view, "Orders")))["a.py"]
    assert made == (
        f"{view}\n    def get_queryset(self):\n"
        "        return (\n            super()\n            .get_queryset()\n"
        '            .select_related("customer__company", "warehouse__region__country")\n        )\n'
    )


def test_the_method_stands_before_the_others() -> None:
    view = "class Orders(Base):\n    model = Order\n\n    @action(detail=False)\n    def top(self):\n        return 1\n"
    assert in_view(view) == (
        "class Orders(Base):\n    model = Order\n\n    def get_queryset(self):\n"
        '        return super().get_queryset().select_related("hub")\n\n'
        "    @action(detail=False)\n    def top(self):\n        return 1\n"
    )
    view = "class Orders(Base):\n    @action(detail=False)\n    def top(self):\n        return 1\n"
    assert in_view(view) == (
        "class Orders(Base):\n    def get_queryset(self):\n"
        '        return super().get_queryset().select_related("hub")\n\n'
        "    @action(detail=False)\n    def top(self):\n        return 1\n"
    )


def test_a_class_without_a_body_gets_one() -> None:
    assert in_view("class Orders(Base):\n    pass\n") == (
        "class Orders(Base):\n    def get_queryset(self):\n"
        '        return super().get_queryset().select_related("hub")\n'
    )
    assert in_view("class Orders(Base):\n    model = Order").endswith('.select_related("hub")')


def test_a_get_queryset_that_narrows_the_rows_of_the_base_loads_what_it_returns() -> None:
    view = (
        "class Orders(Base):\n    def get_queryset(self):\n        if self.fake:\n"
        "            return Order.objects.none()\n        rows = super().get_queryset()\n        return rows\n"
    )
    assert in_view(view).endswith('        return rows.select_related("hub")\n')


def test_a_queryset_built_in_the_view_itself_is_loaded_there() -> None:
    text = "class Orders(Base):\n    queryset = Order.objects.all()\n"
    intent = AddLoading(at(text, "Order.objects.all()"), ("hub",), view=at(text, "Orders"))
    assert fixed(text, intent) == 'class Orders(Base):\n    queryset = Order.objects.select_related("hub")\n'


@pytest.mark.parametrize(
    ("view", "why"),
    [
        (
            "class Orders(Base):\n    def get_queryset(self):\n        if x:\n            return a\n        return b\n",
            "several ways out",
        ),
        ("class Orders(Base): model = Order\n", "on one line"),
        ("def Orders(request):\n    return Response(listed())\n", "in another function"),
    ],
)
def test_a_view_that_leaves_no_place_is_told(view: str, why: str) -> None:
    files = {"base.py": BASE, "a.py": view}
    span = at(BASE, "self.model.objects.all()", "base.py")
    assert why in refused(files, AddLoading(span, ("hub",), view=at(view, "Orders")))


def test_rows_of_an_installed_package_without_a_view_are_left() -> None:
    span = at("Order.objects.all()", "Order", "site-packages/shop.py")
    assert "outside the project" in refused("x = 1\n", AddLoading(span, ("hub",)))
    assert "outside the project" in refused("x = 1\n", AddLoading(None, ("hub",)))


def test_a_view_that_takes_rows_from_elsewhere_too_loads_all_of_them_in_what_it_gives() -> None:
    text = dedent("""
        class OrderViewSet(ModelViewSet):
            def get_queryset(self):
                if self.mine:
                    rows = self.request.user.accepted
                else:
                    rows = Order.objects.all()
                return rows.filter(a=1)
    """)
    view = at(text, "OrderViewSet")
    intents = (
        AddLoading(at(text, "Order.objects.all()"), ("hub",), (), view),
        AddLoading(Span("b.py", 1, 1, 1, 2), ("hub",), (), view),
    )
    made = fixed(text, *intents)
    assert made == text.replace("rows.filter(a=1)", 'rows.filter(a=1).select_related("hub")')
    assert fixed(text, intents[0]) == text.replace("objects.all()", 'objects.select_related("hub")')


BESIDE = """
def rows(self, expanded):
    qs = Order.objects.filter(a=1)
    if expanded:
        qs = qs.prefetch_related("hub", "lines__product").order_by("pk")
    {rest}
    return qs
"""


def beside(rest: str, joined: tuple[str, ...], prefetched: tuple[str, ...] = ()) -> tuple[str, str]:
    """A text, and the same with lookups that are missing only where a shorter one is loaded."""
    text = BESIDE.format(rest=rest)
    wide = {"pyproject.toml": "[tool.black]\nline-length = 300"}
    intent = AddLoading(
        at(text, "Order.objects.filter(a=1)"), joined, prefetched, beside=frozenset({*joined, *prefetched})
    )
    return text, fixed(text, intent, settings=wide)


def test_what_is_missing_where_a_shorter_name_is_loaded_goes_there() -> None:
    text, made = beside("print(qs)", ("hub__ward",), ("lines__product__tags",))
    assert made == text.replace('"hub"', '"hub__ward"').replace("lines__product", "lines__product__tags")


def test_joins_go_into_the_call_that_runs_in_any_case() -> None:
    text, made = beside('qs = qs.select_related("owner")', ("owner__team", "site"))
    assert made == text.replace('"owner"', '"owner__team", "site"')


def test_what_is_named_by_no_call_or_by_two_goes_to_the_queryset() -> None:
    text, made = beside('qs = qs.prefetch_related("hub")', ("hub__ward",))
    assert made == text.replace("(a=1)", '(a=1).select_related("hub__ward")')
    text, made = beside("print(qs)", ("site__owner",))
    assert made == text.replace("(a=1)", '(a=1).select_related("site__owner")')
