"""Add imports in the file's own style, in the order of isort; and remove those that a fix leaves unused."""

from __future__ import annotations

import ast
import builtins
import enum
import sys
from collections.abc import Callable, Iterator, Sequence

import libcst as cst
import msgspec

from djlint_spec.fixes.chains import code, moved, separator
from djlint_spec.fixes.document import CannotPlace, Change, Document


class Section(enum.IntEnum):
    """The sections of imports, in isort's order."""

    FUTURE = 0
    STANDARD = 1
    THIRD_PARTY = 2
    FIRST_PARTY = 3
    LOCAL = 4


class _Wanted(msgspec.Struct, frozen=True):
    """What is still to be imported; the module as this file writes it, `level` dots before it."""

    module: str
    level: int
    name: str

    @property
    def key(self) -> tuple[int, str]:
        return (-self.level, self.module.lower())


def add_import(document: Document, module: str, name: str, exists: Callable[[str], bool]) -> Change | None:
    """The change that binds a name of a module, or the module itself; None when it is bound already.

    `exists` tells whether the project has a file. Raises CannotPlace where the name means something else.
    """
    if _is_bound(document, module, name):
        return None
    if not name:
        return _new_line(document, _Wanted(module, 0, ""), exists)
    statement = _from(document, module)
    if statement is None:
        written, level = _written(document, module)
        return _new_line(document, _Wanted(written, level, name), exists)
    start, end = document.extent(statement)
    return Change(start, end, _with_name(document.slice(start, end), name))


# ----------------------------------------------------------------------------------------- what there is
def _imports(document: Document) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in document.tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node


def _froms(document: Document) -> Iterator[ast.ImportFrom]:
    for node in _imports(document):
        if isinstance(node, ast.ImportFrom) and node.names[0].name != "*":
            yield node


def _folder(document: Document) -> list[str]:
    return document.path.removesuffix(".py").split("/")[:-1]


def _absolute(document: Document, node: ast.ImportFrom) -> str:
    """The module of an import by the file's path, as far as that shows it."""
    parts = (node.module or "").split(".") if node.module else []
    if node.level:
        folder = _folder(document)
        parts = [*folder[: len(folder) - node.level + 1], *parts]
    return ".".join(parts)


def _same(found: str, module: str) -> bool:
    """Whether a module by its path is the one meant; the import root may lie below the project's."""
    return found == module or found.endswith(f".{module}")


def _from(document: Document, module: str) -> ast.ImportFrom | None:
    return next((node for node in _froms(document) if _same(_absolute(document, node), module)), None)


def _is_bound(document: Document, module: str, name: str) -> bool:
    bound = name or module.partition(".")[0]
    for node in _imports(document):
        for alias in node.names:
            if _bound(alias) != bound:
                continue
            if isinstance(node, ast.Import):
                if not name and alias.asname is None:
                    return True
            elif alias.name == name and _is_exported(_absolute(document, node), module):
                return True
            raise CannotPlace(f"`{bound}` means something else in {document.path}")
    if _same(".".join([*_folder(document), document.path.removesuffix(".py").rpartition("/")[2]]), module):
        raise CannotPlace(f"`{bound}` is defined in {document.path} itself")
    if bound in _assigned(document) or hasattr(builtins, bound):
        raise CannotPlace(f"`{bound}` means something else in {document.path}")
    return False


def _is_exported(found: str, module: str) -> bool:
    """Whether one module is the other or a package around it that may hand its names on."""
    return _same(found, module) or _same(module, found) or f".{module}.".find(f".{found}.") == 0


def _assigned(document: Document) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(document.tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.AsyncFunctionDef(name=name) | ast.arg(arg=name):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found.update(map(_bound, names))
            case _:
                pass
    return found


def _written(document: Document, module: str) -> tuple[str, int]:
    """The module as the file's neighbours write it: relative where they do, within the same package."""
    parts, folder = module.split("."), _folder(document)
    if any(node.level == 1 for node in _froms(document)):
        for length in range(min(len(folder), len(parts)), 0, -1):
            if folder[-length:] == parts[:length]:
                return ".".join(parts[length:]), 1
    return module, 0


# --------------------------------------------------------------------------------------- into a from-import
def _with_name(text: str, name: str) -> str:
    line = cst.parse_statement(text)
    assert isinstance(line, cst.SimpleStatementLine)
    node = line.body[0]
    assert isinstance(node, cst.ImportFrom)
    assert not isinstance(node.names, cst.ImportStar)
    lead = node.lpar.whitespace_after if node.lpar is not None else cst.SimpleWhitespace(" ")
    return code(node.with_changes(names=_inserted(node.names, name, lead)))


def _inserted(
    aliases: Sequence[cst.ImportAlias], name: str, lead: cst.BaseParenthesizableWhitespace
) -> list[cst.ImportAlias]:
    held = [code(alias.name) for alias in aliases]
    at = len(held)
    for key in (_by_type, _by_letters, _by_code):
        if held == sorted(held, key=key):
            at = next((index for index, other in enumerate(held) if key(other) > key(name)), len(held))
            break
    result = list(aliases)
    made = cst.ImportAlias(cst.Name(name))
    between = separator([alias.comma for alias in aliases[:-1]], lead)
    if at < len(held):
        made = made.with_changes(comma=between)
    elif isinstance(result[-1].comma, cst.Comma):
        comma, trailing = moved(result[-1].comma, between)
        result[-1], made = result[-1].with_changes(comma=comma), made.with_changes(comma=trailing)
    else:
        result[-1] = result[-1].with_changes(comma=between)
    result.insert(at, made)
    return result


def _by_letters(name: str) -> tuple[int, str]:
    return 0, name.lower()


def _by_code(name: str) -> tuple[int, str]:
    return 0, name


def _by_type(name: str) -> tuple[int, str]:
    # isort: constants, then classes, then the rest.
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name


# ---------------------------------------------------------------------------------------- a line of its own
def _new_line(document: Document, wanted: _Wanted, exists: Callable[[str], bool]) -> Change:
    section = _section(document, wanted.module, wanted.level, exists)
    dots = "." * wanted.level
    text = f"from {dots}{wanted.module} import {wanted.name}\n" if wanted.name else f"import {wanted.module}\n"
    nodes = list(_imports(document))
    peers = [node for node in nodes if _section_of(document, node, exists) is section]
    if peers:
        later = next((node for node in peers if _place(node) > (bool(wanted.name), wanted.key)), None)
        if later is None:
            return _after(document, peers[-1], text)
        index = nodes.index(later)
        before = nodes[index - 1] if index and nodes[index - 1] in peers else None
        return _after(document, before, text) if before is not None else _before(document, later, text)
    lower = [node for node in nodes if _section_of(document, node, exists) < section]
    if lower:
        return _after(document, lower[-1], f"\n{text}")
    if nodes:
        return _before(document, nodes[0], f"{text}\n")
    return _at_top(document, text)


def _place(node: ast.Import | ast.ImportFrom) -> tuple[bool, tuple[int, str]]:
    if isinstance(node, ast.Import):
        return False, (0, node.names[0].name.lower())
    return True, (-node.level, (node.module or "").lower())


def _section_of(document: Document, node: ast.Import | ast.ImportFrom, exists: Callable[[str], bool]) -> Section:
    if isinstance(node, ast.ImportFrom):
        return _section(document, node.module or "", node.level, exists)
    return _section(document, node.names[0].name, 0, exists)


def _section(document: Document, module: str, level: int, exists: Callable[[str], bool]) -> Section:
    top = module.partition(".")[0]
    if level:
        return Section.LOCAL
    if module == "__future__":
        return Section.FUTURE
    if top in sys.stdlib_module_names:
        return Section.STANDARD
    folder = _folder(document)
    roots = ["", *("/".join(folder[:length]) + "/" for length in range(1, len(folder) + 1))]
    if top in folder or any(exists(f"{root}{top}/__init__.py") or exists(f"{root}{top}.py") for root in roots):
        return Section.FIRST_PARTY
    return Section.THIRD_PARTY


def _after(document: Document, node: ast.stmt, text: str) -> Change:
    end = document.extent(node)[1]
    at = document.next_line(end)
    if ";" in document.text[end:at].partition("#")[0]:
        raise CannotPlace("several statements share the line of an import")
    if at == len(document.text) and not document.text.endswith(("\n", "\r")):
        return Change(at, at, "\n" + text.removesuffix("\n"), whole=True)
    return Change(at, at, text, whole=True)


def _before(document: Document, node: ast.stmt, text: str) -> Change:
    start = document.extent(node)[0]
    at = document.line_start(start)
    if document.text[at:start].strip():
        raise CannotPlace("several statements share the line of an import")
    return Change(at, at, text, whole=True)


def _at_top(document: Document, text: str) -> Change:
    """Below the docstring and the comments that a file begins with."""
    body = document.tree.body
    if ast.get_docstring(document.tree) is not None:
        if len(body) == 1:
            return _after(document, body[0], f"\n{text}")
        between = document.slice(document.next_line(document.extent(body[0])[1]), document.whole_extent(body[1])[0])
        return _after(document, body[0], f"\n{text}" + ("" if between.startswith("\n") else "\n"))
    at = 0
    while document.text.startswith("#", at):
        at = document.next_line(at)
    return Change(at, at, f"{text}\n" if document.text[at:].strip() else text, whole=True)


# --------------------------------------------------------------------------------------------------- removal
def unused_import(document: Document, new_text: str, name: str) -> Change | None:
    """The change that removes the import of a name that stands nowhere else in the new text; None to leave it."""
    statement = next((node for node in _imports(document) if name in map(_bound, node.names)), None)
    if statement is None or document.path.endswith("__init__.py") or name in _mentioned(new_text):
        return None
    start, end = document.extent(statement)
    line, following = document.line_start(start), document.next_line(end)
    if "noqa" in document.text[start:following]:
        return None
    if len(statement.names) > 1:
        return Change(start, end, _without_name(document.slice(start, end), name))
    if document.text[end:following].strip() or document.text[line:start].strip():
        return None
    # Alone between empty lines, it leaves those behind it.
    if _is_empty(document, following):
        while line and _is_empty(document, document.line_start(line - 1)):
            line = document.line_start(line - 1)
        while not line and following < len(document.text) and _is_empty(document, following):
            following = document.next_line(following)
    return Change(line, following, "", whole=True)


def _is_empty(document: Document, line: int) -> bool:
    return not document.text[line : document.next_line(line)].strip()


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _mentioned(text: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(Document("", text).tree):
        match node:
            case ast.Name(id=name):
                found.add(name)
            case ast.Constant(value=str(text)):
                # `__all__`, and annotations in quotes.
                found.update(text.replace(".", " ").replace("[", " ").replace("]", " ").split())
            case _:
                pass
    return found


def _without_name(text: str, name: str) -> str:
    line = cst.parse_statement(text)
    assert isinstance(line, cst.SimpleStatementLine)
    node = line.body[0]
    assert isinstance(node, (cst.Import, cst.ImportFrom))
    assert not isinstance(node.names, cst.ImportStar)
    kept = [a for a in node.names if (code(a.asname.name) if a.asname else code(a.name).partition(".")[0]) != name]
    kept[-1] = kept[-1].with_changes(comma=node.names[-1].comma)
    return code(node.with_changes(names=kept))
