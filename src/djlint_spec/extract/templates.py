"""From a Django template to its facts: the tags of Django's own libraries, read as their compilers read them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from djlint_spec.extract.template_expressions import BadExpression, expression
from djlint_spec.extract.template_tokens import Kind, Token, Word, tokens
from djlint_spec.facts.template import (
    Asked,
    Block,
    Branch,
    Custom,
    Expression,
    Extends,
    For,
    If,
    Include,
    Node,
    Output,
    Regroup,
    TemplateFacts,
    Variable,
    With,
)

_OPERATORS = frozenset({"or", "and", "not", "in", "is", "==", "!=", "<", ">", "<=", ">="})
_KEYWORD = re.compile(r"(\w+)=(.+)", re.DOTALL)
_ASK_NOTHING = frozenset(
    {
        "csrf_token",
        "debug",
        "lorem",
        "now",
        "templatetag",
        "load",
        "resetcycle",
        "get_static_prefix",
        "get_media_prefix",
    }
    | {"get_current_language", "get_available_languages", "get_current_language_bidi", "get_current_timezone"}
)
_ASK_WORDS = frozenset({"cycle", "firstof", "url", "static", "widthratio", "translate", "trans"})


def extract_template(text: str) -> TemplateFacts:
    """The facts of a template; without nodes, and with the reason, where Django could not compile it either."""
    try:
        return TemplateFacts(text, _Parser(list(tokens(text))).whole())
    except BadExpression as error:
        return TemplateFacts(text, (), f"no expression: {error}")
    except _Broken as error:
        return TemplateFacts(text, (), str(error))
    except RecursionError:
        return TemplateFacts(text, (), "nested too deeply to be read")


class _Broken(ValueError):
    """A template that does not compile."""


@dataclass
class _Parser:
    left: Sequence[Token]
    at: int = 0
    _ends: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._ends = {
            name: place
            for place, token in enumerate(self.left)
            if token.kind is Kind.TAG and (name := _name(token)).startswith("end")
        }

    def whole(self) -> tuple[Node, ...]:
        """All nodes of the template."""
        return tuple(self._nodes(frozenset())[0])

    def _nodes(self, until: frozenset[str]) -> tuple[list[Node], Token | None]:
        """The nodes up to a tag of one of the names, which is taken; to the end of the template without names."""
        found: list[Node] = []
        while self.at < len(self.left):
            token = self.left[self.at]
            self.at += 1
            if token.kind is Kind.VARIABLE:
                if not token.content:
                    raise _Broken("an empty variable")
                found.append(Output(expression(Word(token.content, token.start))))
            elif token.kind is Kind.TAG:
                name = _name(token)
                if name in until:
                    return found, token
                found.extend(self._tag(name, token))
        if until:
            raise _Broken(f"no {' or '.join(sorted(until))}")
        return found, None

    def _body(self, end: str) -> tuple[Node, ...]:
        return tuple(self._nodes(frozenset({end}))[0])

    def _tag(self, name: str, token: Token) -> Iterator[Node]:
        words = token.parts()
        known = _COMPILERS.get(name)
        if known is not None:
            yield from known(self, words)
        elif name == "comment":
            self._skip("endcomment")
        elif name in _ASK_WORDS:
            yield _asked(name, words)
        elif name not in _ASK_NOTHING and name != "verbatim":
            yield self._custom(name, words)

    def _custom(self, name: str, words: Sequence[Word]) -> Node:
        texts = [word.text for word in words]
        sets = tuple(b for a, b in itertools.pairwise(texts[1:]) if a == "as" and b.isidentifier())
        end = f"end{name}"
        body = self._body(end) if self._ends.get(end, -1) >= self.at else ()
        return Custom(name, body, sets)

    def _skip(self, end: str) -> None:
        while self.at < len(self.left):
            token = self.left[self.at]
            self.at += 1
            if token.kind is Kind.TAG and token.content == end:
                return
        raise _Broken(f"no {end}")

    # ------------------------------------------------------------------------------------------ compilers
    def for_(self, words: Sequence[Word]) -> Iterator[Node]:
        """`for a, b in sequence reversed`."""
        texts = [word.text for word in words]
        last = len(words) - 1 if texts[-1] == "reversed" else len(words)
        if last < 4 or texts[last - 2] != "in":
            raise _Broken("a for without `in`")
        names = tuple(re.split(r" *, *", " ".join(texts[1 : last - 2])))
        if any(not name or set(name) & set(" \"'|") for name in names):
            raise _Broken("a for with names that are none")
        sequence = expression(words[last - 1])
        body, end = self._nodes(frozenset({"empty", "endfor"}))
        empty = self._body("endfor") if end is not None and _name(end) == "empty" else ()
        yield For(names, sequence, tuple(body), empty)

    def if_(self, words: Sequence[Word]) -> Iterator[Node]:
        """`if`, `elif`, `else`."""
        branches: list[Branch] = []
        tests = words[1:]
        while True:
            body, end = self._nodes(frozenset({"elif", "else", "endif"}))
            branches.append(Branch(_tests(tests), tuple(body), plain=len(tests) == 1))
            assert end is not None
            if _name(end) == "elif":
                tests = end.parts()[1:]
                continue
            if _name(end) == "else":
                branches.append(Branch((), self._body("endif")))
            yield If(tuple(branches))
            return

    def ifchanged(self, words: Sequence[Word]) -> Iterator[Node]:
        """`ifchanged a b`, and its `else`."""
        body, end = self._nodes(frozenset({"else", "endifchanged"}))
        branches = [Branch(tuple(expression(word) for word in words[1:]), tuple(body))]
        if end is not None and _name(end) == "else":
            branches.append(Branch((), self._body("endifchanged")))
        yield If(tuple(branches))

    def with_(self, words: Sequence[Word]) -> Iterator[Node]:
        """`with a=b c=d`, and the old `with b as a`."""
        bindings = _bindings(words[1:])
        if not bindings:
            raise _Broken("a with that binds nothing")
        yield With(bindings, self._body("endwith"))

    def blocktranslate(self, words: Sequence[Word]) -> Iterator[Node]:
        """`blocktranslate with a=b count c=d`; in it only plain names are shown."""
        name = words[0].text
        bindings: list[tuple[str, Expression]] = []
        rest = list(words[1:])
        while rest:
            option = rest.pop(0).text
            if option in ("with", "count"):
                bound, rest = _bound(rest)
                bindings.extend(bound)
            elif option in ("context", "asvar"):
                rest = rest[1:]
        shown: list[Node] = []
        while self.at < len(self.left):
            token = self.left[self.at]
            self.at += 1
            if token.kind is Kind.TAG and _name(token) == f"end{name}":
                yield With(tuple(bindings), tuple(shown))
                return
            if token.kind is Kind.VARIABLE and token.content.isidentifier():
                shown.append(Output(expression(Word(token.content, token.start))))
        raise _Broken(f"no end{name}")

    def regroup(self, words: Sequence[Word]) -> Iterator[Node]:
        """`regroup sequence by names as name`."""
        texts = [word.text for word in words]
        if len(words) != 6 or texts[2] != "by" or texts[4] != "as":
            raise _Broken("a regroup without `by` and `as`")
        by = expression(words[3]).value
        yield Regroup(expression(words[1]), by.names if isinstance(by, Variable) else (), texts[5])

    def include(self, words: Sequence[Word]) -> Iterator[Node]:
        """`include template with a=b only`."""
        if len(words) < 2:
            raise _Broken("an include without a template")
        texts = [word.text for word in words]
        after = texts.index("with") + 1 if "with" in texts[2:] else len(words)
        yield Include(expression(words[1]), _bindings(words[after:]), "only" in texts[2:])

    def extends(self, words: Sequence[Word]) -> Iterator[Node]:
        """`extends template`."""
        if len(words) != 2:
            raise _Broken("an extends without a template")
        if any(token.kind in (Kind.TAG, Kind.VARIABLE) for token in self.left[: self.at - 1]):
            raise _Broken("an extends behind other tags")
        yield Extends(expression(words[1]))

    def block(self, words: Sequence[Word]) -> Iterator[Node]:
        """`block name`."""
        if len(words) != 2:
            raise _Broken("a block without a name")
        yield Block(words[1].text, self._body("endblock"))


_COMPILERS: Mapping[str, Callable[[_Parser, Sequence[Word]], Iterator[Node]]] = {
    "for": _Parser.for_,
    "if": _Parser.if_,
    "ifchanged": _Parser.ifchanged,
    "with": _Parser.with_,
    "blocktranslate": _Parser.blocktranslate,
    "blocktrans": _Parser.blocktranslate,
    "regroup": _Parser.regroup,
    "include": _Parser.include,
    "extends": _Parser.extends,
    "block": _Parser.block,
}


def _name(token: Token) -> str:
    return token.content.split(maxsplit=1)[0] if token.content else ""


def _tests(words: Sequence[Word]) -> tuple[Expression, ...]:
    return tuple(expression(word) for word in words if word.text not in _OPERATORS)


def _bindings(words: Sequence[Word]) -> tuple[tuple[str, Expression], ...]:
    return tuple(_bound(words)[0])


def _bound(words: Sequence[Word]) -> tuple[list[tuple[str, Expression]], list[Word]]:
    """The names that words bind, and the words after them (`django.template.base.token_kwargs`)."""
    rest = list(words)
    found: list[tuple[str, Expression]] = []
    new = bool(rest) and _KEYWORD.fullmatch(rest[0].text) is not None
    while rest:
        if new:
            pair = _KEYWORD.fullmatch(rest[0].text)
            if pair is None:
                break
            found.append((pair[1], expression(Word(pair[2], rest[0].start + pair.start(2)))))
            rest = rest[1:]
            continue
        if len(rest) < 3 or rest[1].text != "as":
            break
        found.append((rest[2].text, expression(rest[0])))
        rest = rest[3:]
        if rest and rest[0].text != "and":
            break
        rest = rest[1:]
    return found, rest


def _asked(name: str, words: Sequence[Word]) -> Node:
    """The values that a tag takes: what is no keyword's name, no option, and no name behind `as`."""
    expressions: list[Expression] = []
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        if word.text == "as":
            break
        if word.text == "noop" and name in ("trans", "translate"):
            continue
        pair = _KEYWORD.fullmatch(word.text)
        if pair is not None:
            word = Word(pair[2], word.start + pair.start(2))
        if word.text == "context" and name in ("trans", "translate"):
            continue
        expressions.append(expression(word))
    return Asked(name, tuple(expressions))
