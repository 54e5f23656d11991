"""Random querysets: what is read loaded in full, in part, or not at all, in every way that Django takes."""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracle.generator.choices import Choices
from tests.oracle.generator.models import Model, Path, Relation
from tests.oracle.generator.serializers import Written


def relations_of(model: Model, path: Path) -> list[Relation]:
    """The relations along a path."""
    found: list[Relation] = []
    for name in path:
        relation = next(r for r in model.relations if r.name == name)
        found.append(relation)
        model = relation.target
    return found


def make_queryset(choices: Choices, model: Model, written: Written, reads: Sequence[Path]) -> str:
    """A queryset of `model` for a list that reads `reads`, as source."""
    text = _start(choices, model)
    calls: list[str] = []
    if written.counts:
        counted = dict(written.counts)
        choices.made("queryset: annotate")
        calls.append(f"annotate({', '.join(f'{n}=Count({r.lookup!r}, distinct=True)' for n, r in counted.items())})")
    for _ in dict(written.to_attrs):
        choices.made("Prefetch: to_attr")
    objects = [
        f'Prefetch("{relation.name}", queryset={_inner(choices, relation.target, [])}, to_attr="{name}")'
        for name, relation in dict(written.to_attrs).items()
    ]
    joins, prefetches, strings = _loading(choices, model, list(dict.fromkeys(reads)))
    if reads and not (joins or prefetches or strings):
        choices.made("loading: nothing")
    calls += _joins(choices, joins, narrowed=bool(written.counts))
    objects += prefetches
    if objects:
        choices.made("queryset: Prefetch")
        calls.append(f"prefetch_related({', '.join(objects)})")
    if strings:
        choices.made("queryset: prefetch_related")
        calls.append(f"prefetch_related({', '.join(repr(s) for s in strings)})")
    if not joins and choices.seldom():
        calls.append(_columns(choices, model))
    calls += _harmless(choices)
    if calls and sum(call.startswith("prefetch_related") for call in calls) < 2 and choices.seldom():
        choices.made("queryset: in another order")
        calls = calls[::-1]
    return ".".join([text, *calls]) if calls else f"{text}.all()"


def _start(choices: Choices, model: Model) -> str:
    of = model.proxy_of or model
    if any("shown = ShownManager" in line for line in of.managers) and choices.often():
        choices.made("queryset: of a second manager")
        return f"{model.name}.shown"
    if any("ShownQuerySet" in line for line in of.managers) and choices.often():
        choices.made("queryset: method of the project")
        return f"{model.name}.objects.shown()"
    match choices.pick(["objects", "objects", "_default_manager", "_base_manager"]):
        case "objects":
            return f"{model.name}.objects"
        case other:
            choices.made(f"queryset: {other}")
            return f"{model.name}.{other}"


def _harmless(choices: Choices) -> list[str]:
    calls = {
        "filter": "filter(rank__gte=0)",
        "order_by": 'order_by("pk")',
        "exclude": "exclude(rank__lt=0)",
        "distinct": "distinct()",
        "reverse": "reverse()",
    }
    chosen = choices.some(list(calls), most=2)
    for name in chosen:
        choices.made(f"queryset: {name}")
    return [calls[name] for name in chosen]


def _columns(choices: Choices, model: Model) -> str:
    kind = choices.pick(["only", "defer"])
    choices.made(f"queryset: {kind}")
    names = choices.some(["name", "rank", *(r.name for r in model.forward)], least=1)
    return f"{kind}({', '.join(repr(name) for name in names)})"


def _joins(choices: Choices, joins: list[str], *, narrowed: bool) -> list[str]:
    if not joins:
        match choices.pick(["none", "none", "none", "bare", "cleared"]):
            case "bare" if not narrowed:
                choices.made("queryset: bare select_related")
                return ["select_related()"]
            case "cleared":
                choices.made("queryset: select_related(None)")
                return ["select_related()", "select_related(None)"]
            case _:
                return []
    choices.made("queryset: select_related")
    if len(joins) > 1 and choices.often():
        choices.made("queryset: select_related in parts")
        return [f"select_related({joins[0]!r})", f"select_related({', '.join(repr(j) for j in joins[1:])})"]
    return [f"select_related({', '.join(repr(j) for j in joins)})"]


def _loading(choices: Choices, model: Model, reads: list[Path]) -> tuple[list[str], list[str], list[str]]:
    """Lookups to join, Prefetch objects and paths to prefetch, for some of what is read."""
    joins: list[str] = []
    objects: dict[Path, str] = {}
    strings: list[str] = []
    everything = choices.often()
    if everything:
        choices.made("loading: everything")
    for path in sorted(reads, key=len, reverse=True):
        if not everything and choices.often():
            choices.made("loading: a path left out")
            continue
        way = relations_of(model, path)
        if all(relation.one and not relation.generic for relation in way):
            if any(path == other[: len(path)] for other in objects):
                continue
            if choices.seldom():
                choices.made("loading: prefetch of a single row")
                strings.append("__".join(path))
            else:
                choices.made("loading: join")
                joins.append("__".join(relation.lookup for relation in way))
            continue
        many = next(index for index, r in enumerate(way) if not r.one or r.generic) + 1
        head, tail = path[:many], path[many:]
        beside = [other for other in objects if other == head[: len(other)] or head == other[: len(head)]]
        if not way[many - 1].generic and not beside and choices.seldom():
            choices.made("loading: prefetch by an object")
            target = way[many - 1].target
            inner = _inner(choices, target, [tail] if tail else [])
            objects[head] = f'Prefetch("{"__".join(head)}", queryset={inner})'
            continue
        choices.made("loading: prefetch of a set")
        strings.append("__".join(path))
    return list(dict.fromkeys(joins)), list(objects.values()), list(dict.fromkeys(strings))


def _inner(choices: Choices, model: Model, paths: list[Path]) -> str:
    manager = choices.pick(["objects", "_default_manager", "_base_manager"])
    choices.made(f"Prefetch: of {manager}")
    text = f"{model.name}.{manager}"
    calls: list[str] = []
    for path in paths:
        way = relations_of(model, path)
        if all(relation.one and not relation.generic for relation in way):
            choices.made("Prefetch: that joins")
            calls.append(f"select_related({'__'.join(relation.lookup for relation in way)!r})")
        else:
            choices.made("Prefetch: that prefetches")
            calls.append(f"prefetch_related({'__'.join(path)!r})")
    if choices.often():
        call = choices.pick(['order_by("-pk")', "filter(rank__gte=0)", 'order_by("name")'])
        choices.made(f"Prefetch: {call.partition('(')[0]}")
        calls.append(call)
    return ".".join([text, *calls]) if calls else f"{text}.all()"
