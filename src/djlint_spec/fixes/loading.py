"""Add relation paths to a queryset expression, wherever it is built."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

import libcst as cst
import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import AddLoading, Span
from djlint_spec.fixes import chains
from djlint_spec.fixes.chains import Chain, covers, text_of
from djlint_spec.fixes.classes import FUNCTIONS, add_method
from djlint_spec.fixes.document import CannotPlace, Change, Definition, Document
from djlint_spec.fixes.uses import calls_beside, check_given, check_method, check_uses


def add_loading(intents: Sequence[AddLoading], documents: Mapping[str, Document]) -> Iterator[tuple[Document, Change]]:
    """The changes that load the intents' paths: at the queryset, or in the view where that is built elsewhere.

    Where a view takes its rows from several places, and one of them is elsewhere, what it gives loads them all.
    """
    elsewhere = {
        intent.view for intent in intents if intent.view is not None and not _stands_in_view(intent, documents)
    }
    for intent in intents:
        if intent.view in elsewhere:
            yield _in_class(intent.view, intent, documents)
        elif intent.queryset is not None and intent.queryset.path in documents:
            document = documents[intent.queryset.path]
            for change in at_expression(document, intent.queryset, intent):
                yield document, change
        else:
            raise CannotPlace("the queryset is built outside the project's own files")


def _stands_in_view(intent: AddLoading, documents: Mapping[str, Document]) -> bool:
    span, view = intent.queryset, intent.view
    if span is None or view is None or span.path not in documents or view.path != span.path:
        return False
    owner = documents[span.path].definition_at(view)
    return owner is not None and _within(documents[span.path], owner, span)


def _in_class(view: Span | None, intent: AddLoading, documents: Mapping[str, Document]) -> tuple[Document, Change]:
    if view is None or view.path not in documents:
        raise CannotPlace("the queryset is built outside the project's own files")
    document = documents[view.path]
    found = document.definition_at(view)
    if not isinstance(found, ast.ClassDef):
        raise CannotPlace("the queryset is built in another function, which others may call")
    return document, _in_view(document, found, intent)


def _within(document: Document, owner: Definition, span: Span) -> bool:
    start, end = document.whole_extent(owner)
    first, last = document.range_of(span)
    return start <= first and last <= end


def at_expression(document: Document, span: Span, intent: AddLoading) -> Iterator[Change]:
    """The expression at a span, loaded; lookups that go on from what a call elsewhere names are added there."""
    start, end = document.range_of(span)
    node = document.expression_at(start, end)
    if node is None:
        raise CannotPlace("no expression stands where the queryset was read")
    check_uses(document, node, intent)
    if intent.loop is not None:
        check_given(document, node, intent, intent.loop)
    match node:
        case ast.Call(func=ast.Attribute(value=rows, attr="iterator" | "aiterator"), args=args, keywords=keywords):
            if intent.prefetch_related and not (args or any(keyword.arg == "chunk_size" for keyword in keywords)):
                raise CannotPlace("`.iterator()` fetches no sets without `chunk_size`")
            start, end = document.extent(rows)  # what is loaded stands before it
        case _:
            pass
    left = {*intent.select_related, *intent.prefetch_related}
    for call, lookups in calls_beside(document, node, intent):
        first, last = document.extent(call)
        yield Change(first, last, loaded(document.slice(first, last), _part(intent, lookups), document))
        left -= lookups
    if left:
        yield Change(start, end, loaded(document.slice(start, end), _part(intent, left), document))


def _part(intent: AddLoading, lookups: Collection[str]) -> AddLoading:
    return replace(
        intent,
        select_related=tuple(name for name in intent.select_related if name in lookups),
        prefetch_related=tuple(name for name in intent.prefetch_related if name in lookups),
    )


def loaded(text: str, intent: AddLoading, document: Document) -> str:
    """The source of a queryset expression with the intent's paths; raises CannotPlace when there is nothing to add."""
    chain = Chain(chains.parse(text))
    chain.check_rows()
    before = chain.code
    # What goes on from a name that is prefetched goes with it. A join would fetch the rows of a `Prefetch` before it
    # does, without what its queryset adds to them.
    served = [entry.lookup for entry in _entries(chain)]
    below = [name for name in intent.select_related if any(covers(name, lookup) for lookup in served)]
    joined = [name for name in intent.select_related if name not in below]
    if joined:
        _select(chain, joined, document)
    for name in below:
        _prefetch(chain, name, _prefixes(name), document)
    for lookup in intent.prefetch_related:
        _prefetch(chain, lookup, intent.to_one, document)
    if chain.code == before:
        raise CannotPlace("the queryset names every path already")
    return chain.code


def _prefixes(name: str) -> frozenset[str]:
    hops = name.split("__")
    return frozenset("__".join(hops[: length + 1]) for length in range(len(hops)))


# --------------------------------------------------------------------------------------------- select_related
def _select(chain: Chain, names: Sequence[str], document: Document) -> None:
    call = next((call for name, call in chain.calls() if name == "select_related"), None)
    if call is None or _clears(call):
        chain.insert("prefetch_related", "select_related", _strings(document, names))
        return
    # Names behind a bare select_related() take the place of its joins: whoever asks names those too.
    kept, added = _merged(call.args, names, document)
    if added or any(new is not old for new, old in zip(kept, call.args, strict=True)):
        chain.replace(call, chains.extended(call, kept, added))


def _clears(call: cst.Call) -> bool:
    return len(call.args) == 1 and isinstance(call.args[0].value, cst.Name) and call.args[0].value.value == "None"


def _merged(
    args: Sequence[cst.Arg], names: Sequence[str], document: Document
) -> tuple[Sequence[cst.Arg], Sequence[cst.Arg]]:
    """The arguments with each name that one of ours goes on from made longer, and those to add behind."""
    kept = list(args)
    added: list[str] = []
    for name in names:
        held = [text_of(arg.value) if not arg.star and arg.keyword is None else None for arg in kept]
        if any(text is not None and covers(text, name) for text in held):
            continue
        shorter = [(len(text), i) for i, text in enumerate(held) if text is not None and covers(name, text)]
        if shorter:
            _, i = max(shorter)
            kept[i] = kept[i].with_changes(value=_longer(kept[i].value, name))
        else:
            added.append(name)
    return kept, _strings(document, added)


def _longer(held: cst.BaseExpression, name: str) -> cst.SimpleString:
    """A name in the place of a literal, in the quotes of that."""
    assert isinstance(held, cst.SimpleString)
    return cst.SimpleString(f"{held.quote}{name}{held.quote}")


def _string(document: Document, name: str) -> cst.SimpleString:
    return cst.SimpleString(document.quoted(name))


def _strings(document: Document, names: Sequence[str]) -> list[cst.Arg]:
    return chains.joined([cst.Arg(_string(document, name)) for name in names])


# ------------------------------------------------------------------------------------------- prefetch_related
class _Entry(msgspec.Struct, frozen=True):
    """One argument of a prefetch_related call: the lookup that it serves, and the call of a `Prefetch`."""

    call: cst.Call
    arg: cst.Arg
    lookup: str
    prefetch: cst.Call | None = None

    @property
    def queryset(self) -> cst.BaseExpression | None:
        """The inner queryset of a Prefetch."""
        return _argument(self.prefetch, 1, "queryset") if self.prefetch is not None else None


def _entries(chain: Chain) -> Iterator[_Entry]:
    for name, call in chain.calls():
        if name != "prefetch_related":
            continue
        if _clears(call):
            return
        for arg in call.args:
            if arg.star or arg.keyword is not None:
                continue
            text = text_of(arg.value)
            if text is not None:
                yield _Entry(call, arg, text)
            elif isinstance(arg.value, cst.Call) and _name(arg.value.func) == "Prefetch":
                path, to_attr = _argument(arg.value, 0, "lookup"), _argument(arg.value, 2, "to_attr")
                lookup = text_of(path) if path is not None else None
                if lookup is None:
                    continue
                if to_attr is not None:
                    attribute = text_of(to_attr)
                    if attribute is None:
                        continue
                    lookup = "__".join((*lookup.split("__")[:-1], attribute))
                yield _Entry(call, arg, lookup, arg.value)


def _name(node: cst.BaseExpression) -> str:
    match node:
        case cst.Name(value=value):
            return value
        case cst.Attribute(attr=cst.Name(value=value)):
            return value
        case _:
            return ""


def _argument(call: cst.Call, index: int, name: str) -> cst.BaseExpression | None:
    for place, arg in enumerate(call.args):
        if arg.keyword is not None and arg.keyword.value == name:
            return arg.value
        if arg.keyword is None and not arg.star and place == index:
            return arg.value
    return None


def _prefetch(chain: Chain, lookup: str, to_one: frozenset[str], document: Document) -> None:
    entries = list(_entries(chain))
    if any(covers(entry.lookup, lookup) for entry in entries):
        return
    before = sorted((entry for entry in entries if covers(lookup, entry.lookup)), key=lambda entry: -len(entry.lookup))
    for entry in before:
        if entry.prefetch is None:
            chain.replace(entry.arg, entry.arg.with_changes(value=_longer(entry.arg.value, lookup)))
            return
        if isinstance(entry.queryset, cst.Call) and _extend_inner(chain, entry, lookup, to_one, document):
            return
        break
    call = next((call for name, call in chain.calls() if name == "prefetch_related"), None)
    if call is None or _clears(call) or any(arg.keyword is not None for arg in call.args):
        chain.append("prefetch_related", _strings(document, [lookup]))
    else:
        chain.replace(call, chains.extended(call, call.args, _strings(document, [lookup])))


def _extend_inner(chain: Chain, entry: _Entry, lookup: str, to_one: frozenset[str], document: Document) -> bool:
    """Load the rest of a lookup in the queryset of the `Prefetch` that it goes on from."""
    assert entry.queryset is not None
    rest = lookup[len(entry.lookup) + 2 :]
    hops = lookup.split("__")
    first = len(entry.lookup.split("__"))
    joins = all("__".join(hops[: length + 1]) in to_one for length in range(first, len(hops)))
    inner_to_one = frozenset(name[len(entry.lookup) + 2 :] for name in to_one if name.startswith(f"{entry.lookup}__"))
    intent = AddLoading(None, (rest,) if joins else (), () if joins else (rest,), to_one=inner_to_one)
    text = chains.code(entry.queryset)
    try:
        made = loaded(text, intent, document)
    except CannotPlace:
        return False
    chain.replace(entry.queryset, cst.parse_expression(made) if "\n" not in made else chains.parse(made))
    return True


# ------------------------------------------------------------------------------------------------ in the view
def _in_view(document: Document, view: ast.ClassDef, intent: AddLoading) -> Change:
    own = next((node for node in view.body if isinstance(node, FUNCTIONS) and node.name == "get_queryset"), None)
    if own is not None:
        return _in_get_queryset(document, own, intent)
    check_method(view, "get_queryset", intent)
    text = f"super().get_queryset(){_calls(intent, document)}"
    return add_method(document, view, "get_queryset", f"return {text}")


def _calls(intent: AddLoading, document: Document) -> str:
    text = ""
    for name, lookups in (("select_related", intent.select_related), ("prefetch_related", intent.prefetch_related)):
        if lookups:
            text += f".{name}({', '.join(document.quoted(lookup) for lookup in lookups)})"
    return text


def _in_get_queryset(document: Document, function: ast.stmt, intent: AddLoading) -> Change:
    returned = [node.value for node in _returns(function) if node.value is not None and not _is_none(node.value)]
    if len(returned) != 1:
        raise CannotPlace("get_queryset has several ways out")
    check_uses(document, returned[0], intent)
    start, end = document.extent(returned[0])
    return Change(start, end, loaded(document.slice(start, end), intent, document))


def _is_none(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Attribute(attr="none")):
            return True
        case _:
            return False


def _returns(function: ast.AST) -> Iterator[ast.Return]:
    for child in ast.iter_child_nodes(function):
        if isinstance(child, ast.Return):
            yield child
        elif not isinstance(child, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            yield from _returns(child)
