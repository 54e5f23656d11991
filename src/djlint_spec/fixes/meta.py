"""Add to the lists of a model's `Meta`: constraints, indexes, the ordering."""

from __future__ import annotations

import ast

import libcst as cst

from djlint_spec.diagnostics import AddMetaEntry
from djlint_spec.fixes import chains
from djlint_spec.fixes.classes import add_attribute, add_block, added, attribute_of, bound, class_at
from djlint_spec.fixes.document import CannotPlace, Change, Document


def add_meta_entry(document: Document, intent: AddMetaEntry) -> Change:
    """The change to the list, or a new list in `Meta`, or a new `Meta` between the fields and the methods."""
    cls = class_at(document, intent.cls)
    meta = _meta(cls)
    made = f"{intent.name} = [{intent.text}]"
    if meta is None:
        # Django: a model without a `Meta` takes that of its abstract base.
        if any(_may_have_meta(document, base) for base in cls.bases):
            raise CannotPlace("the model may inherit a `Meta`, which a new one would hide")
        return add_block(document, cls, "class Meta:", made)
    held = attribute_of(meta, intent.name)
    if held is not None:
        return _extended(document, held.value, intent)
    if meta.bases:
        raise CannotPlace(f"`Meta` may inherit `{intent.name}`, which a new list would hide")
    return add_attribute(document, meta, made)


def _meta(cls: ast.ClassDef) -> ast.ClassDef | None:
    found: ast.ClassDef | None = None
    for node in cls.body:
        if isinstance(node, ast.ClassDef) and node.name == "Meta":
            found = node
        elif "Meta" in bound(node):
            raise CannotPlace("`Meta` is no class in the model's own body")
    return found


def _may_have_meta(document: Document, base: ast.expr, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a base may hand a `Meta` down: all may but Django's own, and classes of this file that hold none."""
    if not isinstance(base, (ast.Name, ast.Attribute)):
        return True
    name = document.text_of(base)
    own = next((node for node in document.tree.body if name in bound(node)), None)
    if not isinstance(own, ast.ClassDef):
        return name.rpartition(".")[2] != "Model"
    return (
        name in seen
        or any("Meta" in bound(node) for node in own.body)
        or any(_may_have_meta(document, inner, seen | {name}) for inner in own.bases)
    )


def _extended(document: Document, value: ast.expr | None, intent: AddMetaEntry) -> Change:
    if not isinstance(value, (ast.List, ast.Tuple)):
        raise CannotPlace(f"`{intent.name}` is no list that an entry can be added to")
    entry = chains.parse(intent.text)
    if ast.dump(ast.parse(f"({intent.text})", mode="eval").body) in map(ast.dump, value.elts):
        raise CannotPlace(f"`{intent.name}` holds the entry already")
    start, end = document.extent(value)
    held = cst.parse_expression(document.slice(start, end))
    assert isinstance(held, (cst.List, cst.Tuple))
    return Change(start, end, chains.code(added(held, entry)))
