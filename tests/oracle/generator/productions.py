"""Every production of the generator, by kind: each has to occur in a long run."""

from __future__ import annotations

_BY_KIND = {
    "structure": "plain; abstract base; multi-table child; proxy; ordering",
    "relation": "key; nullable key; self; set; one-to-one; set through a model; generic key; generic set",
    "reference": "by class; by text",
    "reverse name": "given; default",
    "manager": "none declared; of a queryset class; that filters; that joins; a second one",
    "text": "reads a relation",
    "model": (
        "property that reads a relation; cached_property that reads a relation; method that reads a relation; "
        "method that reads a set"
    ),
    "field": (
        "column; method; key; renamed key; attname; hyperlink; dotted; dotted key; slug; string; own related; nested; "
        "keys; slugs; strings; count source; own many; write only; nested many; property; generic; to_attr; annotation"
    ),
    "source": (
        "relations in a row, 1; relations in a row, 2; relations in a row, 3; a set; .all of a set; "
        "slug over a relation; slug over a relation of a set"
    ),
    "expression": (
        "column; key; key by pk; one; text; is None; guard; set; set of rows; set behind a row; "
        "comprehension over a set of sets; parents"
    ),
    "on a set": (
        "all names; len; truth; count; exists; count of all; slice; sorted; any; sum; filter; exclude; order_by; "
        "first; last; values; values_list; aggregate; filtered count; filtered exists; none; all of all; in; keys; "
        "iterator; lazy values"
    ),
    "method": "through a helper",
    "meta": "list; tuple; all; depth; extra_kwargs",
    "change": "to_representation; get_fields; __init__",
    "inherited": "as it is; field shed by None",
    "queryset": (
        "of a second manager; method of the project; _default_manager; _base_manager; annotate; Prefetch; "
        "prefetch_related; select_related; select_related in parts; bare select_related; select_related(None); only; "
        "defer; filter; order_by; exclude; distinct; reverse; in another order"
    ),
    "loading": (
        "everything; nothing; a path left out; join; prefetch of a single row; prefetch of a set; prefetch by an object"
    ),
    "Prefetch": (
        "of objects; of _default_manager; of _base_manager; order_by; filter; to_attr; that joins; that prefetches"
    ),
    "view": (
        "attribute; get_queryset; super; mixin; mixin behind; viewset; by action; by other action; flag; by hand; "
        "function; action; overridden list; paginated; serializer by action; serializer by flag; helper; base class; "
        "one by one; list of rows; filter backend; filter_queryset; generic"
    ),
}
PRODUCTIONS = frozenset(f"{kind}: {what}" for kind, found in _BY_KIND.items() for what in found.split("; "))
