"""A queryset that is locked, narrowed to columns or streamed elsewhere is left as it is, and the line is told."""

from __future__ import annotations

from textwrap import dedent

import pytest

from djlint_spec.diagnostics import AddLoading
from tests.fixes.lowering import at, fixed, lowered, refused

FUNCTION = """
    def work(all_of_them):
        rows = Order.objects.filter(a=1)
        if all_of_them:
            {}
        for row in rows:
            print(row.hub)
"""
VIEW = """
    class OrderViewSet(ModelViewSet):
        queryset = Order.objects.filter(a=1)

        def update(self, request, pk):
            return {}
"""
METHOD = """
    class OrderViewSet(ModelViewSet):
        def get_queryset(self):
            return Order.objects.filter(a=1)

        def update(self, request, pk):
            return {}
"""
HELPER = """
    def open_orders():
        return Order.objects.filter(a=1)


    def names():
        return {}
"""
BUILT = "Order.objects.filter(a=1)"
JOIN = ("hub__ward",)


def told(shape: str, use: str, joined: tuple[str, ...] = JOIN, prefetched: tuple[str, ...] = ()) -> str | None:
    """Why the queryset is not loaded, None when it is."""
    text = dedent(shape).lstrip().format(use)
    intent = AddLoading(at(text, BUILT), joined, prefetched)
    try:
        return refused(text, intent)
    except AssertionError:
        assert lowered(text, intent)
        return None


@pytest.mark.parametrize(
    ("shape", "use"),
    [
        (FUNCTION, "rows = rows.select_for_update()"),
        (FUNCTION, "rows = rows.filter(b=2).select_for_update(nowait=True)"),
        (FUNCTION, "open_ones = rows.filter(b=2)\n        open_ones.select_for_update().get()"),
        (FUNCTION, "list(stamped(rows).select_for_update())"),
        (FUNCTION, "(held := rows.exclude(b=2)) and held.select_for_update()"),
        (VIEW, "self.queryset.select_for_update().get(pk=pk)"),
        (VIEW, "self.get_queryset().select_for_update().get(pk=pk)"),
        (VIEW, "self.filter_queryset(self.get_queryset()).select_for_update().get(pk=pk)"),
        (METHOD, "self.get_queryset().select_for_update().get(pk=pk)"),
        (METHOD, "super().get_queryset().select_for_update()"),
        (HELPER, "open_orders().select_for_update()"),
    ],
)
def test_rows_that_are_locked_elsewhere_are_not_joined(shape: str, use: str) -> None:
    why = told(shape, use)
    assert why is not None
    assert "`.select_for_update()` in line" in why
    assert told(shape, use, (), ("lines",)) is None
    assert told(shape, use.replace("update(", 'update(of=("self",), ')) is None


@pytest.mark.parametrize(
    ("shape", "use"),
    [
        (FUNCTION, "others.select_for_update()"),
        (FUNCTION, "others.filter(a=rows).select_for_update()"),
        (FUNCTION, "others.filter(a=rows.filter(b=2)).only()"),
        (VIEW, "Order.objects.select_for_update().get(pk=pk)"),
        (METHOD, "self.get_object().select_for_update()"),
        (HELPER, "closed_orders().select_for_update()"),
    ],
)
def test_what_is_done_to_other_rows_does_not_matter(shape: str, use: str) -> None:
    assert told(shape, use) is None


def test_columns_that_are_left_out_elsewhere_are_not_joined() -> None:
    why = told(FUNCTION, "rows = rows.only('a')")
    assert why == "`.only()` in line 4 keeps columns away that the loading needs"
    assert told(FUNCTION, "rows = rows.only('a')", (), ("lines",)) is None


def test_rows_that_are_streamed_elsewhere_bring_no_sets() -> None:
    why = told(FUNCTION, "return list(rows.iterator())", (), ("lines",))
    assert why == "`.iterator()` in line 4 fetches no sets without `chunk_size`"
    assert told(FUNCTION, "return list(rows.iterator(chunk_size=9))", (), ("lines",)) is None
    assert told(FUNCTION, "return list(rows.iterator())") is None


def test_an_attribute_is_followed_through_its_class() -> None:
    text = dedent("""
        class Report:
            def __init__(self):
                self.rows: QuerySet = Order.objects.filter(a=1)

            def lock(self):
                return self.rows.select_for_update()
    """)
    assert "in line 7" in refused(text, AddLoading(at(text, BUILT), JOIN))


def test_a_view_that_locks_the_rows_of_its_base_gets_no_method() -> None:
    text = dedent("""
        class OrderViewSet(BaseViewSet):
            def update(self, request, pk):
                return self.get_queryset().select_for_update().get(pk=pk)
    """)
    view = at(text, "OrderViewSet")
    assert "in line 4" in refused(text, AddLoading(None, JOIN, (), view))
    assert "select_related" in fixed(text.replace(".select_for_update()", ""), AddLoading(None, JOIN, (), view))


GENERIC = """
def batches(model, rows=None, *, manager=None):
    manager = manager or model.objects
    yield {}


def work():
    for batch in batches(Order):
        print(batch.hub)
"""


@pytest.mark.parametrize(
    ("built", "stays"),
    [
        ("model.objects.filter(a=1)", True),
        ("model._default_manager.all()[:10]", True),
        ("manager.filter(a=1)", True),
        ("rows.filter(a=1)", True),
        ("self.model.objects.all()", True),
        ("model.orders.filter(a=1)", False),
        ("Order.objects.filter(a=rows)", False),
        ("self.orders.filter(a=1)", False),
        ("super().get_queryset()", False),
    ],
)
def test_a_function_that_works_for_any_model_stays_as_it_is(built: str, stays: bool) -> None:
    text = GENERIC.format(built)
    intent = AddLoading(at(text, built), JOIN, loop=at(text, "batches(Order)"))
    if stays:
        assert refused(text, intent) == "the queryset is of whatever `batches()` is given"
    else:
        assert "hub__ward" in fixed(text, intent)


def test_the_function_that_goes_through_what_it_is_given_may_load_it() -> None:
    text = "def work(rows):\n    for row in rows.filter(a=1):\n        print(row.hub)\n"
    assert "hub__ward" in fixed(text, AddLoading(at(text, "rows.filter(a=1)"), JOIN, loop=at(text, "rows.filter(a=1)")))


def test_a_function_that_others_may_call_fetches_no_sets_for_one_loop() -> None:
    text = "def mine():\n    return Order.objects.filter(a=1)\n\n\nfor row in mine():\n    print(row.lines)\n"
    intent = AddLoading(at(text, BUILT), (), ("lines",), loop=at(text, "mine()", occurrence=1))
    assert refused(text, intent) == "the queryset is built in `mine()`, which others may call"
    text = f"ROWS = {BUILT}\nfor row in ROWS:\n    print(row.lines)\n"
    assert "lines" in fixed(text, AddLoading(at(text, BUILT), (), ("lines",), loop=at(text, "ROWS", occurrence=1)))
