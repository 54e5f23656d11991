"""Compares what we read of templates with what Django reads: token by token, and node by node.

    python -m tests.extract.template_agreement DIRECTORY...

compares every template of some projects. Django is told nothing of their own tags and filters: a tag that it does not
know is taken to hold what stands up to its end tag, if there is one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.template import Engine, TemplateSyntaxError, base, defaulttags, loader_tags, smartif
from django.templatetags import i18n, static

from djlint_spec.extract.template_tokens import Kind, tokens
from djlint_spec.extract.templates import extract_template
from djlint_spec.facts import template as ours

_KINDS = {
    base.TokenType.TEXT: Kind.TEXT,
    base.TokenType.VAR: Kind.VARIABLE,
    base.TokenType.BLOCK: Kind.TAG,
    base.TokenType.COMMENT: Kind.COMMENT,
}
_NAME = "here/is/a/template.html"
_LIBRARIES = ("i18n", "l10n", "tz", "static", "cache")


def templates_below(folder: Path) -> Iterator[Path]:
    """The templates of a project: what lies in a folder that is called after them."""
    for place, _, names in os.walk(folder):
        if "template" in place.removeprefix(str(folder)):
            yield from (Path(place, name) for name in sorted(names) if not name.endswith((".py", ".pyc")))


def disagreement(text: str) -> str | None:
    """How our reading of a template differs from Django's; None where it does not."""
    theirs = [(_KINDS[t.token_type], t.contents) for t in base.Lexer(text).tokenize()]
    found = [(t.kind, t.content) for t in tokens(text)]
    if [one for one in theirs if one[0] is not Kind.COMMENT] != [one for one in found if one[0] is not Kind.COMMENT]:
        return f"tokens: {next((pair for pair in zip(theirs, found, strict=False) if pair[0] != pair[1]), 'as many')}"
    words = [t.split_contents() for t in base.Lexer(text).tokenize() if t.token_type is base.TokenType.BLOCK]
    if words != [[word.text for word in t.parts()] for t in tokens(text) if t.kind is Kind.TAG]:
        return "words"
    read = extract_template(text)
    try:
        nodes = list(_told(_parsed(text)))
    except TemplateSyntaxError as error:
        return None if read.broken else f"Django refuses it: {error}"
    if read.broken:
        return f"broken: {read.broken}"
    mine = list(_ours(read.nodes))
    return None if mine == nodes else f"nodes: {_first(nodes, mine)}"


def _first(theirs: Any, mine: Any) -> str:
    """The innermost place where two readings differ first."""
    if isinstance(theirs, (list, tuple)) and isinstance(mine, (list, tuple)):
        for one, other in zip(theirs, mine, strict=False):
            if one != other:
                return _first(one, other)
    return f"{theirs} is read as {mine}"


# -------------------------------------------------------------------------------------------------- Django's
def _setup() -> Engine:
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    base.FilterExpression.args_check = staticmethod(lambda name, func, provided: True)
    return Engine(libraries={name: f"django.templatetags.{name}" for name in _LIBRARIES})


class _Tags(dict[str, Any]):
    """Django's tags; any other holds what stands up to its end tag."""

    def __missing__(self, name: str) -> Any:
        def compiled(parser: base.Parser, token: base.Token) -> base.Node:
            rest = (t.contents.split()[:1] for t in parser.tokens if t.token_type is base.TokenType.BLOCK)
            if [f"end{name}"] not in rest:
                return base.Node()
            node = base.Node()
            node.nodelist = base.NodeList()
            while True:
                node.nodelist.extend(parser.parse((f"end{name}", "else", "elif", "empty", "plural")))
                if parser.next_token().contents.split()[0] == f"end{name}":
                    return node

        return compiled


class _Filters(dict[str, Any]):
    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Any:
        def found(value: Any) -> Any:
            return value

        found._filter_name = name  # type: ignore[attr-defined]  # as Django marks a filter with its name
        return found


_ENGINE: list[Engine] = []


def _parsed(text: str) -> base.NodeList:
    if not _ENGINE:
        _ENGINE.append(_setup())
    engine = _ENGINE[0]
    parser = base.Parser(
        base.Lexer(text).tokenize(), engine.template_libraries, engine.template_builtins, base.Origin("text", _NAME)
    )
    tags = _Tags(parser.tags)
    for name in _LIBRARIES:
        tags.update(engine.template_libraries[name].tags)
    tags["load"] = lambda parser, token: base.Node()
    parser.tags = tags
    parser.filters = _Filters()
    return parser.parse()


def _told(nodes: Any) -> Iterator[Any]:
    for node in nodes:
        match node:
            case base.TextNode() | defaulttags.CommentNode():
                pass
            case base.VariableNode():
                yield "output", _expression(node.filter_expression)
            case defaulttags.ForNode():
                told = tuple(_told(node.nodelist_loop)), tuple(_told(node.nodelist_empty))
                yield "for", tuple(node.loopvars), _expression(node.sequence), *told
            case defaulttags.IfNode():
                yield "if", tuple((tuple(_tests(test)), tuple(_told(body))) for test, body in node.conditions_nodelists)
            case defaulttags.IfChangedNode():
                tests = tuple(_expression(one) for one in node._varlist)
                last = (((), tuple(_told(node.nodelist_false))),) if node.nodelist_false else ()
                yield "if", ((tests, tuple(_told(node.nodelist_true))), *last)
            case defaulttags.WithNode():
                yield "with", _pairs(node.extra_context), tuple(_told(node.nodelist))
            case i18n.BlockTranslateNode():
                pairs = dict(node.extra_context)
                if node.countervar:
                    pairs[node.countervar] = node.counter
                shown = [*node.singular, *node.plural]
                plain = [t.contents for t in shown if t.token_type is base.TokenType.VAR and t.contents.isidentifier()]
                yield "with", _pairs(pairs), tuple(("output", (("variable", (name,)), ())) for name in plain)
            case defaulttags.RegroupNode():
                yield "regroup", _expression(node.target), _expression(node.expression)[0][1][1:], node.var_name
            case loader_tags.IncludeNode():
                yield "include", _expression(node.template), _pairs(node.extra_context), node.isolated_context
            case loader_tags.ExtendsNode():
                yield "extends", _expression(node.parent_name)
                yield from _told(node.nodelist)
            case loader_tags.BlockNode():
                yield "block", node.name, tuple(_told(node.nodelist))
            case defaulttags.URLNode():
                yield "asked", tuple(map(_expression, (node.view_name, *node.args, *node.kwargs.values())))
            case defaulttags.FirstOfNode():
                yield "asked", tuple(map(_expression, node.vars))
            case defaulttags.CycleNode():
                yield "asked", tuple(map(_expression, node.cyclevars))
            case defaulttags.WidthRatioNode():
                yield "asked", tuple(map(_expression, (node.val_expr, node.max_expr, node.max_width)))
            case i18n.TranslateNode():
                context = (node.message_context,) if node.message_context else ()
                yield "asked", tuple(map(_expression, (node.filter_expression, *context)))
            case static.StaticNode():
                yield "asked", (_expression(node.path),)
            case _:
                yield from _told(getattr(node, "nodelist", None) or ())


def _tests(test: Any) -> Iterator[Any]:
    if isinstance(test, defaulttags.TemplateLiteral):
        yield _expression(test.value)
    elif isinstance(test, smartif.TokenBase):
        for part in (test.first, test.second):
            yield from _tests(part)


def _pairs(bound: dict[str, Any]) -> Any:
    return tuple(sorted((name, _expression(value)) for name, value in bound.items()))


def _expression(found: Any) -> Any:
    if isinstance(found, str):
        return ("constant", found), ()
    filters = []
    for function, arguments in found.filters:
        argument = [_value(value) if lookup else ("constant", str(value)) for lookup, value in arguments]
        filters.append((function._filter_name, *argument))
    return _value(found.var), tuple(filters)


def _value(var: Any) -> Any:
    if not isinstance(var, base.Variable):
        return "constant", "" if var is None else str(var)
    if var.lookups is not None:
        return "variable", tuple(var.lookups)
    return "constant", str(var.literal)


# ------------------------------------------------------------------------------------------------------- ours
def _ours(nodes: tuple[ours.Node, ...]) -> Iterator[Any]:
    for node in nodes:
        match node:
            case ours.Output(shown):
                yield "output", _of(shown)
            case ours.Asked(_, expressions):
                yield "asked", tuple(map(_of, expressions))
            case ours.For(names, sequence, body, empty):
                yield "for", names, _of(sequence), tuple(_ours(body)), tuple(_ours(empty))
            case ours.If(branches):
                yield "if", tuple((tuple(map(_of, one.tests)), tuple(_ours(one.body))) for one in branches)
            case ours.With(bindings, body):
                yield "with", _bound(bindings), tuple(_ours(body))
            case ours.Regroup(sequence, by, name):
                yield "regroup", _of(sequence), by, name
            case ours.Include(template, bindings, only):
                yield "include", _of(template, named=True), _bound(bindings), only
            case ours.Extends(template):
                yield "extends", _of(template, named=True)
            case ours.Block(name, body):
                yield "block", name, tuple(_ours(body))
            case ours.Custom(_, body):
                yield from _ours(body)


def _bound(bindings: Any) -> Any:
    return tuple(sorted({name: _of(value) for name, value in bindings}.items()))


def _of(found: ours.Expression, *, named: bool = False) -> Any:
    filters = [(one.name, *([] if one.argument is None else [_of_value(one.argument)])) for one in found.filters]
    value = _of_value(found.value)
    if named and value[0] == "constant":
        value = "constant", loader_tags.construct_relative_path(_NAME, f'"{value[1]}"').strip('"')
    return value, tuple(filters)


def _of_value(value: ours.Variable | ours.Constant) -> Any:
    if isinstance(value, ours.Variable):
        return "variable", value.names
    if value.quoted:
        return "constant", value.text
    return "constant", str(base.Variable(value.text).literal)


def main(folders: list[str]) -> None:
    """Compare the templates below some folders, and print what differs and how many agree."""
    compared = differing = 0
    for folder in folders:
        for path in templates_below(Path(folder)):
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            compared += 1
            told = disagreement(text)
            if told is not None:
                differing += 1
                print(f"{path}: {told[:300]}")
    print(f"{compared} templates, {differing} read otherwise than Django reads them")


if __name__ == "__main__":
    main(sys.argv[1:])
