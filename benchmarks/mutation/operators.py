"""The mutation operators: each finds places in one file and gives the file's text with one of them made wrong.

They know Python's syntax and nothing else, least of all what djlint-spec makes of a project: they are its judges.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

_SECRET = re.compile(r"secret|passw|token|api_?key|private_?key|access_?key|credential", re.IGNORECASE)
_NO_SECRET = re.compile(
    r"(url|uri|header|name|file|path|prefix|ttl|timeout|expir|lifetime|enabled?|max|min|length|days|hours|hasher"
    r"|valid|model|class|format|algorithm|age|rotat|user|_id|ids|count|policy|required?|issuer|scope|types?)s?_?\w*$",
    re.IGNORECASE,
)
_READS_ENVIRONMENT = re.compile(
    r"^(os\.)?environ(\.get|\[)|^(os\.)?getenv\(|^env(\.str)?\(|^config(\.get)?\(|^get_env(_str|_credential)?\("
)
_ONE_ROW = re.compile(
    r"^(create|update|destroy|retrieve|post|put|patch|delete|get_object|perform_|_?delete_|_?update_)"
)
_ONE_ROW_VIEW = re.compile(r"^(\w+\.)*(Retrieve|Update|Destroy|Create)\w*(API)?View$")
_MAKES_LOCK = re.compile(r"^(threading|multiprocessing|asyncio|\w+)\.R?Lock\(\)$|^R?Lock\(\)$")
_SHARED_LOCK = re.compile(r"^([\w.]*cache|[\w.]*redis\w*|[\w.]*conn\w*|[\w.]*client)(\(\))?\.lock\(")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One file with one place made wrong.

    `row` is the place in the unchanged file, from 1; `owner` the class around it, `member` what of the class;
    `text` the changed file.
    """

    path: str
    row: int
    operator: str
    detail: str
    owner: str
    text: str
    member: str = ""

    @property
    def entry(self) -> str:
        """The last name of the path that is no longer loaded: what a finding has to name."""
        return self.detail.rpartition("'")[0].rpartition("'")[2].rpartition("__")[2]


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    text: str
    tree: ast.Module
    starts: tuple[int, ...]

    def offset(self, row: int, column: int) -> int:
        """Offset in the text of a place that `ast` tells: rows from 1, columns in bytes of UTF-8."""
        begin = self.starts[row - 1]
        line = self.text[begin : self.starts[row]] if row < len(self.starts) else self.text[begin:]
        return begin + len(line.encode()[:column].decode())

    def range(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def source(self, node: ast.expr | ast.stmt) -> str:
        begin, end = self.range(node)
        return self.text[begin:end]

    def replaced(self, begin: int, end: int, text: str) -> str:
        return self.text[:begin] + text + self.text[end:]


def mutants(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of one file; none of a test, a migration or a file that this Python cannot parse."""
    if re.search(
        r"(^|/)(tests?|testing|migrations|testutils|factories)(/|\.py$)|(^|/)(test_\w+|\w+_tests?)\.py$", path
    ):
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    file = _File(path, text, tree, tuple(starts))
    found = [*_loading(file), *_locks(file), *_guards(file), *_keys(file), *_secrets(file)]
    for mutant in sorted(found, key=lambda mutant: (mutant.row, mutant.operator, mutant.detail)):
        try:
            ast.parse(mutant.text)
        except SyntaxError as error:
            raise AssertionError(f"{mutant.path}:{mutant.row}: the mutant does not parse: {error}") from error
        yield mutant


# ------------------------------------------------------------------------------------------------ loading
def _loading(file: _File) -> Iterator[Mutant]:
    # The list endpoints of an API stand in its viewsets and API views, which projects keep in files named so.
    if not re.search(r"(^|[/_])api([/._]|$)|viewset", file.path):
        return
    for cls in file.tree.body:
        if not isinstance(cls, ast.ClassDef) or not _may_list(cls):
            continue
        for member in cls.body:
            if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and _ONE_ROW.match(member.name):
                continue
            single = {id(inner) for node in ast.walk(member) if _is_one_row(node) for inner in ast.walk(node)}
            for node in ast.walk(member):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or id(node) in single:
                    continue
                if node.func.attr in ("select_related", "prefetch_related"):
                    yield from _entries(file, cls, member, node, node.func)


def _may_list(cls: ast.ClassDef) -> bool:
    bases = [ast.unparse(base) for base in cls.bases]
    if cls.name.endswith("Serializer") or not any(re.search(r"View|API|Mixin", base) for base in bases):
        return False
    return not any(_ONE_ROW_VIEW.match(base) for base in bases) or any("List" in base for base in bases)


def _is_one_row(node: ast.AST) -> bool:
    """Whether a call asks its queryset for a single row."""
    match node:
        case ast.Call(func=ast.Attribute(attr="get" | "first" | "last" | "aget" | "get_or_create")):
            return True
        case ast.Call(func=ast.Name(id="get_object_or_404") | ast.Attribute(attr="get_object_or_404")):
            return True
    return False


def _entries(file: _File, cls: ast.ClassDef, member: ast.stmt, call: ast.Call, func: ast.Attribute) -> Iterator[Mutant]:
    deeper = {
        node.value
        for node in ast.walk(member)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value
    }
    for number, argument in enumerate(call.args):
        entry = argument.args[0] if isinstance(argument, ast.Call) and argument.args else argument
        if not isinstance(entry, ast.Constant) or not isinstance(entry.value, str):
            continue
        if entry is argument and any(other.startswith(f"{entry.value}__") for other in deeper):
            continue  # `a__b` loads `a` as well: nothing would change
        if len(call.args) == 1 and not call.keywords:
            # select_related() without names would load every key: the whole call goes.
            begin, end = file.range(func.value)[1], file.range(call)[1]
        elif number + 1 < len(call.args):
            begin, end = file.range(argument)[0], file.range(call.args[number + 1])[0]
        else:
            begin, end = file.range(call.args[number - 1])[1], file.range(argument)[1]
        yield Mutant(
            file.path,
            argument.lineno,
            "unloaded",
            f"{func.attr}({entry.value!r})",
            cls.name,
            file.replaced(begin, end, ""),
            getattr(member, "name", ""),
        )


# -------------------------------------------------------------------------------------------------- locks
def _locks(file: _File) -> Iterator[Mutant]:
    made = {
        ast.unparse(target).rpartition(".")[2]
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Assign) and _MAKES_LOCK.match(file.source(node.value))
        for target in node.targets
    }
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.With | ast.AsyncWith) or len(node.items) != 1 or node.items[0].optional_vars:
            continue
        held = node.items[0].context_expr
        text = file.source(held)
        if not _SHARED_LOCK.match(text) and text.rpartition(".")[2] not in made:
            continue
        # A thread's plain acquire() neither fails nor raises: only one that gives up can go wrong inside a try.
        waits = isinstance(node, ast.AsyncWith) or _SHARED_LOCK.match(text) is not None
        for operator, acquire, inside in (
            ("lock-acquired-in-try", "acquire()" if waits else "acquire(timeout=5)", True),
            ("lock-not-looked-at", "acquire(blocking=False)", False),
        ):
            if isinstance(node, ast.AsyncWith) and not inside:
                continue  # asyncio's acquire() takes no arguments
            yield Mutant(
                file.path,
                node.lineno,
                operator,
                f"with {ast.unparse(held)}",
                "",
                _unguarded(file, node, held, acquire, inside),
            )


def _guards(file: _File) -> Iterator[Mutant]:
    """Tests of what an acquire or `cache.add` gave, each let through whatever the answer was."""
    seen: set[ast.If] = set()
    for function in ast.walk(file.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        text = file.source(function)
        if not re.search(r"\.(release|delete|unlink)\(|advisory_unlock", text):
            continue  # nothing is let go here
        kept = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and _takes(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if not isinstance(node, ast.If) or node in seen:
                continue
            seen.add(node)
            test = node.test
            refused = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
            asked = test.operand if isinstance(test, ast.UnaryOp) and refused else test
            if not _takes(asked) and not (isinstance(asked, ast.Name) and asked.id in kept):
                continue
            begin, end = file.range(test)
            through = "and False" if refused else "or True"
            yield Mutant(
                file.path,
                node.lineno,
                "lock-guard-open",
                f"if {ast.unparse(test)}",
                "",
                file.replaced(begin, end, f"({file.source(test)}) {through}"),
            )


def _takes(value: ast.expr) -> bool:
    value = value.value if isinstance(value, ast.Await) else value
    match value:
        case ast.Call(func=ast.Attribute(attr="acquire")):
            return True
        case ast.Call(func=ast.Attribute(value=owner, attr="add" | "aadd")):
            return "cache" in ast.unparse(owner)
        case ast.Call(func=ast.Attribute(attr="set"), keywords=keywords):
            return any(keyword.arg == "nx" and ast.unparse(keyword.value) == "True" for keyword in keywords)
    return False


def _unguarded(file: _File, node: ast.With | ast.AsyncWith, held: ast.expr, acquire: str, inside: bool) -> str:
    begin = file.offset(node.lineno, node.col_offset)
    margin = " " * node.col_offset
    waits = "await " if isinstance(node, ast.AsyncWith) else ""
    _, end = file.range(node)
    body = file.text[file.starts[node.body[0].lineno - 1] : end]
    if node.body[0].lineno == node.lineno:
        body = f"{margin}    {file.text[file.range(node.body[0])[0] : end]}"
    indent = " " * node.body[0].col_offset if node.body[0].lineno != node.lineno else f"{margin}    "
    taken = f"held_lock = ({file.source(held)})\n{margin}"
    if inside:
        opening = f"{taken}try:\n{indent}{waits}held_lock.{acquire}\n"
    else:
        opening = f"{taken}{waits}held_lock.{acquire}\n{margin}try:\n"
    return file.replaced(begin, end, f"{opening}{body}\n{margin}finally:\n{margin}    held_lock.release()\n")


# --------------------------------------------------------------------------------------------------- keys
def _keys(file: _File) -> Iterator[Mutant]:
    for cls in ast.walk(file.tree):
        if not isinstance(cls, ast.ClassDef):
            continue
        for statement in cls.body:
            value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
            if not isinstance(value, ast.Call) or not any(
                keyword.arg == "primary_key" and ast.unparse(keyword.value) == "True" for keyword in value.keywords
            ):
                continue
            qualifier, _, name = ast.unparse(value.func).rpartition(".")
            if name != "UUIDField":
                continue
            begin, end = file.range(value)
            if qualifier:
                changed = file.replaced(begin, end, f"{qualifier}.BigAutoField(primary_key=True)")
            else:
                changed = file.replaced(begin, end, "BigAutoField(primary_key=True)")
                changed = re.sub(r"\bUUIDField\b", "UUIDField, BigAutoField", changed, count=1)
            yield Mutant(
                file.path, statement.lineno, "key-not-uuid", f"{cls.name}: {file.source(value)}", cls.name, changed
            )


# ------------------------------------------------------------------------------------------------ secrets
def _secrets(file: _File) -> Iterator[Mutant]:
    for node in ast.walk(file.tree):
        for name, value in _named_values(node):
            if not _SECRET.search(name) or _NO_SECRET.search(name):
                continue
            source = file.source(value)
            if not _READS_ENVIRONMENT.match(source):
                continue
            begin, end = file.range(value)
            literal = f'"{_random_looking(f"{file.path}:{name}")}"'
            yield Mutant(
                file.path,
                value.lineno,
                "secret-in-source",
                f"{name} = {source}",
                "",
                file.replaced(begin, end, literal),
            )


def _named_values(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                if keyword.arg is not None:
                    yield keyword.arg, keyword.value


def _random_looking(seed: str) -> str:
    """Thirty-two letters and digits that depend on the seed alone, so that a run can be repeated."""
    digest = base64.b64encode(hashlib.sha512(seed.encode()).digest()).decode()
    return re.sub(r"[+/=]", "", digest)[:32]
