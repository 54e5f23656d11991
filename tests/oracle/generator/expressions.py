"""Random expressions over a row: what methods of serializers return, with the relation paths that they read."""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracle.generator.choices import Choices
from tests.oracle.generator.models import Model, Path, Relation

ON_A_SET = (
    ("all names", "[row.name for row in {set}.all()]"),
    ("len", "len({set}.all())"),
    ("truth", "bool({set}.all())"),
    ("count", "{set}.count()"),
    ("exists", "{set}.exists()"),
    ("count of all", "{set}.all().count()"),
    ("slice", "[row.name for row in {set}.all()[:2]]"),
    ("sorted", "sorted(row.rank for row in {set}.all())"),
    ("any", "any(row.rank for row in {set}.all())"),
    ("sum", "sum(row.rank for row in {set}.all())"),
    ("filter", "[row.name for row in {set}.filter(rank__gte=0)]"),
    ("exclude", "len({set}.exclude(rank__lt=0))"),
    ("order_by", '[row.name for row in {set}.order_by("-pk")]'),
    ("first", "getattr({set}.first(), 'name', None)"),
    ("last", "getattr({set}.last(), 'name', None)"),
    ("values", 'list({set}.values("name"))'),
    ("values_list", 'sorted({set}.values_list("name", flat=True))'),
    ("aggregate", '{set}.aggregate(total=Sum("rank"))["total"]'),
    ("filtered count", "{set}.filter(rank__gte=0).count()"),
    ("filtered exists", "{set}.filter(rank__gte=0).exists()"),
    ("none", "list({set}.none())"),
    ("all of all", "[row.name for row in {set}.all().all()]"),
    ("in", "None in {set}.all()"),
    ("keys", "sorted(row.pk for row in {set}.all())"),
    ("iterator", "[row.name for row in {set}.iterator()]"),
    ("lazy values", '{set}.values_list("rank", flat=True)'),
)


def chain_of_ones(choices: Choices, model: Model, most: int = 2) -> list[Relation]:
    """A way over single rows, as long as `most` steps; empty when the model has none."""
    chain: list[Relation] = []
    for _ in range(choices.number(1, most)):
        if not model.ones:
            break
        relation = choices.pick(model.ones)
        chain.append(relation)
        model = relation.target
    return chain


def paths_of(chain: Sequence[Relation]) -> list[Path]:
    """The path of a chain, and of each beginning of it."""
    names = tuple(relation.name for relation in chain)
    return [names[:length] for length in range(1, len(names) + 1)]


def guarded(start: str, chain: Sequence[Relation], leaf: str) -> str:
    """`start.a.b` + leaf, where a row on the way may be absent."""
    text, guards = start, list[str]()
    for relation in chain:
        if relation.reverse:
            guards.append(f'hasattr({text}, "{relation.name}")')
        text = f"{text}.{relation.name}"
        if relation.may_be_absent and not relation.reverse:
            guards.append(f"{text} is not None")
    whole = f"{text}{leaf}"
    return f"{whole} if {' and '.join(guards)} else None" if guards else whole


def expression(choices: Choices, model: Model) -> tuple[str, list[Path]]:
    """An expression over `obj`, a row of `model`, and the paths that it reads."""
    kinds = ["column"]
    if model.forward:
        kinds += ["key", "key by pk"]
    if model.ones:
        kinds += ["one", "one", "text", "is None", "guard"]
    if model.sets:
        kinds += [*["set"] * 9, "set of rows", "comprehension over a set of sets", "parents"]
    if _before_sets(model):
        kinds += ["set behind a row"] * 2
    kind = choices.pick(kinds)
    found = _of_kind(choices, model, kind)
    choices.made(f"expression: {kind if found else 'column'}")
    return found or ("obj.name", [])


def _of_kind(choices: Choices, model: Model, kind: str) -> tuple[str, list[Path]] | None:
    match kind:
        case "key":
            return f"obj.{choices.pick(model.forward).name}_id", []
        case "key by pk":
            relation = choices.pick(model.forward)
            return guarded("obj", [relation], ".pk"), paths_of([relation])
        case "one":
            chain = chain_of_ones(choices, model, 3)
            return guarded("obj", chain, ".name"), paths_of(chain)
        case "text":
            chain = chain_of_ones(choices, model)
            path = paths_of(chain)
            further = [(*path[-1], *read) for read in chain[-1].target.text_reads]
            return f"str({guarded('obj', chain, '')})", [*path, *further]
        case "is None":
            relation = choices.pick(model.ones)
            if relation.reverse:
                return f'hasattr(obj, "{relation.name}")', paths_of([relation])
            return f"obj.{relation.name} is None", paths_of([relation])
        case "guard":
            chain = chain_of_ones(choices, model)
            return f"({guarded('obj', chain, '.rank')}) or 0", paths_of(chain)
        case "set":
            parts = [_on_set(choices, "obj", choices.pick(model.sets), ()) for _ in range(choices.number(1, 4))]
            text = parts[0][0] if len(parts) == 1 else f"[{', '.join(text for text, _ in parts)}]"
            return text, [read for _, reads in parts for read in reads]
        case "set behind a row":
            relation = choices.pick(_before_sets(model))
            text, reads = _on_set(choices, f"obj.{relation.name}", choices.pick(relation.target.sets), (relation.name,))
            return text, [(relation.name,), *reads]
        case "set of rows":
            relation = choices.pick(model.sets)
            chain = chain_of_ones(choices, relation.target)
            if not chain:
                return None
            reads = [(relation.name,), *((relation.name, *path) for path in paths_of(chain))]
            return f"[{guarded('row', chain, '.name')} for row in obj.{relation.name}.all()]", reads
        case "comprehension over a set of sets":
            relation = choices.pick(model.sets)
            if not relation.target.sets:
                return None
            inner = choices.pick(relation.target.sets)
            return (
                f"[[part.name for part in row.{inner.name}.all()] for row in obj.{relation.name}.all()]",
                [(relation.name,), (relation.name, inner.name)],
            )
        case "parents":
            relation = choices.pick(model.sets)
            back = [r for r in relation.target.forward if r.target is model]
            if not back:
                return None
            chain = [choices.pick(back)]
            narrowed = choices.pick([".all()", ".filter(rank__gte=0)"])
            return (
                f"[{guarded('row', chain, '.name')} for row in obj.{relation.name}{narrowed}]",
                [(relation.name,), (relation.name, chain[0].name)],
            )
        case _:
            pass
    return None


def _before_sets(model: Model) -> list[Relation]:
    """The single rows, always there, of which there are sets."""
    return [relation for relation in model.ones if relation.target.sets and not relation.may_be_absent]


def _on_set(choices: Choices, start: str, relation: Relation, before: Path) -> tuple[str, list[Path]]:
    what, text = choices.pick(ON_A_SET)
    choices.made(f"on a set: {what}")
    return text.format(set=f"{start}.{relation.name}"), [(*before, relation.name)]
