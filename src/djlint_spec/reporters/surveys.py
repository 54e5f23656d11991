"""What lists read, load, lack and cost, as trees for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from djlint_spec.diagnostics import JsonValue, Span
from djlint_spec.inference.loading import Path
from djlint_spec.project import Unknown
from djlint_spec.queries.path_surveys import PathSurvey, State
from djlint_spec.queries.surveys import ListSurvey, QuerySurvey, Survey
from djlint_spec.reporters.cells import cells, cut, printable
from djlint_spec.reporters.style import Style

_COLOURS = {State.MISSING: "red", State.DOUBTFUL: "yellow"}
"""Those of what is amiss; the others are green."""
_PER_ROW = "a query for each row"


def survey_text(surveys: Sequence[Survey], style: Style) -> str:
    """A paragraph for each list: its cost, the tree of what it reads, and the code to write."""
    return "\n".join("\n".join(line.rstrip() for line in _survey(one, style)) + "\n" for one in surveys)


def survey_summary(surveys: Sequence[Survey]) -> str:
    """How many lists there are, how many of them query for each row, and how many are not judged."""
    judged = [one for one in surveys if one.lists and not one.unknown]
    growing = sum(1 for one in judged if any(_grows(listed) for listed in one.lists))
    lists = "list" if len(surveys) == 1 else "lists"
    return (
        f"{len(surveys)} {lists}: {growing} with queries for each row, {len(judged) - growing} without,"
        f" {len(surveys) - len(judged)} not judged, or not wholly."
    )


def _grows(listed: ListSurvey) -> bool:
    return bool(listed.queries) or any(path.state is State.MISSING for path in listed.paths)


# -------------------------------------------------------------------------------------------------------- text
def _survey(survey: Survey, style: Style) -> Iterator[str]:
    dearest = survey.dearest
    cost = f"  {_cost(survey, dearest)}" if dearest is not None and not dearest.unknown else ""
    yield f"{style.paint(printable(survey.title), 'bold')}  {_place(survey.span, style)}{cost}"
    for listed in survey.lists:
        yield f"  {cut(printable(listed.written), style.width - 2)}{_at(listed.span, style)}"
        yield from _table(listed, style)
        yield from _advice(listed)
    for unknown in survey.unknown:
        yield f"  not judged: {_told(unknown)}"


def _cost(survey: Survey, listed: ListSurvey) -> str:
    found = listed.estimate
    queries = "query" if found.now == 1 else "queries"
    of = f"per page of {found.rows}" if survey.paged else f"for {found.rows} rows (not paged)"
    mended = f" → {found.mended}" if found.mended != found.now else ""
    return f"{'at least ' if found.least else ''}{found.now} {queries} {of}{mended}"


def _told(unknown: Unknown) -> str:
    return printable(f"{unknown.cause}: {unknown.detail}" if unknown.detail else unknown.cause)


def _advice(listed: ListSurvey) -> Iterator[str]:
    for number, line in enumerate(printable(part) for part in listed.write.splitlines()):
        yield f"  {'write' if number == 0 else '':<6} {line}"
    for mend in dict.fromkeys(query.mend for query in listed.queries):
        yield f"  {'then' if listed.write else 'mend':<6} {printable(mend)}"


@dataclass
class _Node:
    """A step of a path, and what hangs on it."""

    path: PathSurvey | None = None
    queries: list[QuerySurvey] = field(default_factory=list)
    below: dict[str, _Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Row:
    lead: str
    kind: str = ""
    state: str = ""
    colour: str = ""
    places: tuple[str, ...] = ()


def _table(listed: ListSurvey, style: Style) -> Iterator[str]:
    root = _Node()
    for path in listed.paths:
        _node(root, path.path).path = path
    for query in listed.queries:
        _node(root, query.path).queries.append(query)
    rows = list(_rows(root, "", style))
    widths = [max((cells(text) for text in column), default=0) for column in _columns(rows)]
    for row in rows:
        parts = [
            f"{row.lead}{' ' * (widths[0] - cells(row.lead))}",
            f"{row.kind:<{widths[1]}}",
            f"{style.paint(row.state, row.colour) if row.colour else row.state}{' ' * (widths[2] - cells(row.state))}",
            "  ".join(row.places),
        ]
        yield "  " + "  ".join(parts)


def _columns(rows: Sequence[_Row]) -> tuple[list[str], list[str], list[str]]:
    return [row.lead for row in rows], [row.kind for row in rows], [row.state for row in rows]


def _node(root: _Node, path: Path) -> _Node:
    for name in path:
        root = root.below.setdefault(name, _Node())
    return root


def _rows(node: _Node, indent: str, style: Style) -> Iterator[_Row]:
    left = len(node.queries) + len(node.below)
    for query in node.queries:
        left -= 1
        lead = f"{indent}{'├─' if left else '└─'} {printable(query.what)}"
        yield _Row(lead, "", _PER_ROW, "red", (_place(query.span, style),))
    for name, below in node.below.items():
        left -= 1
        lead = f"{indent}{'├─' if left else '└─'} {printable(name)}"
        yield _row(lead, below.path, style)
        yield from _rows(below, f"{indent}{'│  ' if left else '   '}", style)


def _row(lead: str, path: PathSurvey | None, style: Style) -> _Row:
    if path is None:
        return _Row(lead)
    state = path.state.value if path.read_by else f"{path.state.value}, not read"
    places = [f"read by {_place(path.read_by[0], style)}" if path.read_by else ""]
    if len(path.read_by) > 1:
        places[0] += f" and {len(path.read_by) - 1} more"
    if path.loaded_by is not None:
        places.append(f"loaded by {_place(path.loaded_by, style)}")
    return _Row(
        lead,
        "to-many" if path.to_many else "to-one",
        state,
        _COLOURS.get(path.state, "green"),
        tuple(place for place in places if place),
    )


def _place(span: Span, style: Style) -> str:
    return printable(f"{style.path(span.path)}:{span.row}")


def _at(span: Span | None, style: Style) -> str:
    return f"  {_place(span, style)}" if span is not None else ""


# -------------------------------------------------------------------------------------------------------- JSON
def survey_json(surveys: Sequence[Survey], style: Style) -> str:
    """A list of objects, one for each list endpoint and admin list."""
    return json.dumps([_object(one, style) for one in surveys], indent=2, ensure_ascii=False) + "\n"


def _object(survey: Survey, style: Style) -> JsonValue:
    return {
        "name": survey.name,
        "title": survey.title,
        **_location(survey.span, style),
        "judged": bool(survey.lists) and not survey.unknown,
        "unknown": [_told(unknown) for unknown in survey.unknown],
        "paged": survey.paged,
        "lists": [_list(listed, style) for listed in survey.lists],
    }


def _list(listed: ListSurvey, style: Style) -> JsonValue:
    found = listed.estimate
    return {
        "model": listed.model.label,
        "queryset": listed.written,
        **(_location(listed.span, style) if listed.span is not None else {"filename": None, "row": None}),
        "queries": {"rows": found.rows, "now": found.now, "mended": found.mended, "at_least": found.least},
        "paths": [_path(path, style) for path in listed.paths],
        "per_row": [
            {"path": ".".join(query.path), "query": query.what, **_location(query.span, style), "mend": query.mend}
            for query in listed.queries
        ],
        "write": listed.write or None,
        "unknown": [_told(unknown) for unknown in listed.unknown],
    }


def _path(path: PathSurvey, style: Style) -> JsonValue:
    return {
        "path": ".".join(path.path),
        "to_many": path.to_many,
        "state": path.state.value,
        "read_by": [_location(span, style) for span in path.read_by],
        "loaded_by": _location(path.loaded_by, style) if path.loaded_by is not None else None,
    }


def _location(span: Span, style: Style) -> dict[str, JsonValue]:
    return {"filename": style.path(span.path), "row": span.row}
