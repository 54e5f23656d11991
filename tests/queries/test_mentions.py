"""What a text alone tells of queries: where it names them, and whether it returns or loops over what they make."""

from __future__ import annotations

import pytest

from djlint_spec.config import Config
from djlint_spec.engine.run import project_of
from djlint_spec.queries.mentions import mentions_of, mentions_queries
from djlint_spec.queries.suspects import Suspects, makes_rows
from djlint_spec.source import MemoryTree

NAMING = [
    "Order.objects",
    "Order._default_manager",
    "order.line_set",
    "QuerySet",
    "queryset",
    "query_set",
    "get_object_or_404(Order)",
    "get_list_or_404(Order)",
    "orders.filter(",
    "orders.prefetch_related(",
]


@pytest.mark.parametrize("text", NAMING)
def test_a_text_that_names_queries_is_known(text: str) -> None:
    assert mentions_queries(text)
    assert mentions_of(f"x = {text} ").between(4, 4 + len(text))


@pytest.mark.parametrize("text", ["", "order.objectset", "subqueries", "order.filtered(", "offset", "manager", "sets"])
def test_other_words_are_no_queries(text: str) -> None:
    assert not mentions_queries(text)
    assert not mentions_of(text)


def test_a_mention_counts_where_it_lies_whole() -> None:
    mentions = mentions_of("a = 1\nb = Order.objects\n")
    assert mentions
    assert not mentions.between(0, 6)
    assert mentions.between(6, 23)
    assert not mentions.between(6, 20)
    assert not mentions.between(17, 23)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return Order.objects.filter(paid=True)", True),
        ("yield Order.objects.all()", True),
        ("orders = Order.objects.all()\n    return orders", True),
        ("orders: list[Order] = Order.objects.all()\n    return orders", True),
        ("reorders = Order.objects.all()\n    return orders", False),
        ("return Order.objects.count()", False),
        ("Order.objects.all()\n    return 1", False),
        ("return 1", False),
    ],
)
def test_a_function_makes_rows_by_what_it_returns(body: str, expected: bool) -> None:
    assert makes_rows(f"def made():\n    {body}\n") is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("for order in Order.objects.all():\n        pass", True),
        ("return [order.number for order in Order.objects.all()]", True),
        ("orders = Order.objects.all()\n    for order in orders:\n        pass", True),
        ("orders += Order.objects.all()\n    for order in orders:\n        pass", True),
        ("orders = paid()\n    for order in list(orders):\n        pass", True),
        ("for order in paid():\n        pass", True),
        ("for order in (\n        paid()\n    ):\n        pass", True),
        ("for order in (\n        1,\n        Order.objects.first(),\n    ):\n        pass", True),
        ("other_orders = paid()\n    for order in orders:\n        pass", False),
        ("orders = [1]\n\n    other = paid()\n    for order in orders:\n        pass", False),
        ("orders = paid()\n    first = orders[:3]\n    for order in first:\n        pass", True),
        ("found = []\n    found.append(paid())\n    for order in found:\n        pass", True),
        ("found = {}\n    found[1] = paid()\n    for order in found.values():\n        pass", True),
        ("for order in self.paid:\n        pass", True),
        ("for order in self.paid.numbers:\n        pass", False),
        ("for order in listed(paid=3):\n        pass", False),
        ("for order in range(3):\n        print(Order.objects.all())", False),
        ("for order in [1 if paid() else 2]:\n        pass", False),
        ("return Order.objects.all()", False),
    ],
)
def test_a_function_may_loop_over_rows_by_what_its_loops_go_through(body: str, expected: bool) -> None:
    files = {"shop/work.py": f"def paid():\n    return Order.objects.all()\n\n\ndef loops():\n    {body}\n"}
    project = project_of(MemoryTree(files), Config())
    (module,) = project.modules
    loops = project.functions_in(module)[1]
    assert project.once(Suspects).may_loop_over_rows(loops) is expected
