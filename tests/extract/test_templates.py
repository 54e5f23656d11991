"""Templates are read as Django reads them: tokens, words of tags, expressions and nodes."""

from __future__ import annotations

from pathlib import Path

import django
import pytest
import rest_framework
from hypothesis import given, settings
from hypothesis import strategies as st

from djlint_spec.extract.templates import extract_template
from djlint_spec.facts.template import Output, Variable
from tests.extract.template_agreement import disagreement, templates_below

TEXTS = [
    "",
    "text only {{",
    "{{ a }}{{a.b.c}}{{ a.0.b }}{{ a|b }}{{ a|b:c|d:'e f' }}{{ a | b }}",
    "{{ 'text' }}{{ \"it's\" }}{{ 'it\\'s' }}{{ _('word')|upper }}{{ 1 }}{{ -1.5 }}{{ 2e3 }}{{ a|add:-1 }}",
    "{{ a|b:_('some words') }}",
    "{# a comment {{ b }} #}{% comment %}{{ a b }}{% broken %}{% endcomment %}{{ c }}",
    "{% verbatim %}{{ a }}{% if %}{% endverbatim %}{{ b }}",
    "{% verbatim x %}{{ a }}{% endverbatim %}{% endverbatim x %}{{ b }}",
    "{% for a in b %}{{ a }}{% empty %}none{% endfor %}",
    "{% for a, b in c.items reversed %}{{ a }}{{ b }}{{ forloop.counter }}{% endfor %}",
    "{% for a,b , c in d|dictsort:'e' %}{% endfor %}",
    "{% if a and not b.c or d == 'x y' %}1{% elif e in f %}2{% elif g is not None %}3{% else %}4{% endif %}",
    "{% if a not in b and c|length >= 2 %}1{% endif %}",
    "{% ifchanged a.b c %}1{% else %}2{% endifchanged %}{% ifchanged %}{{ d }}{% endifchanged %}",
    "{% with a=b.c d=e|f:'g' %}{{ a }}{% endwith %}{% with b.c as a %}{{ a }}{% endwith %}",
    "{% include 'x.html' %}{% include a with b=c d=e.f only %}{% include './y.html' only %}",
    "text {% extends 'base.html' %}{% block a %}{{ block.super }}{% block b %}{% endblock b %}{% endblock %}",
    "{% extends base|default:'x.html' %}",
    "{% regroup a by b.c as d %}{% for e in d %}{{ e.grouper }}{% for f in e.list %}{{ f }}{% endfor %}{% endfor %}",
    "{% load i18n %}{% translate 'a' %}{% trans a.b noop %}{% translate 'May' context 'verb' as c %}{{ c }}",
    "{% load i18n %}{% blocktrans with a=b.c d=e %}{{ a }} {{ f.g }} {{ d }}{% endblocktrans %}",
    "{% load i18n %}{% blocktranslate count a=b|length trimmed %}{{ a }}{% plural %}{{ a }}s{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate with b.c as a and d as e %}{{ a }}{{ e }}{% endblocktranslate %}",
    "{% url 'name' a.b c=d.e as f %}{% firstof a b.c 'd' %}{% cycle a 'b' as c %}{% widthratio a b.c 10 %}",
    "{% load static %}{% static 'x.css' %}{% csrf_token %}{% now 'Y' %}{% templatetag openblock %}{% lorem 3 w %}",
    "{% autoescape off %}{% spaceless %}{% filter upper %}{{ a }}{% endfilter %}{% endspaceless %}{% endautoescape %}",
    "{% load cache l10n tz %}{% cache 500 a b.c %}{{ d }}{% endcache %}{% localize on %}{{ e }}{% endlocalize %}",
    "{% custom a.b as c %}{{ c }}{% if x %}{% wrapper %}{{ y }}{% else %}{{ z }}{% endwrapper %}{% else %}{% endif %}",
]
BROKEN = [
    "{{ }}",
    "{{ a b }}",
    "{{ a| }}",
    "{{ a.b-c }}",
    "{{ _private }}",
    "{{ a._b }}",
    "{{ 'open }}",
    "{% for a in b %}",
    "{% for a b %}{% endfor %}",
    "{% for in b %}{% endfor %}",
    "{% for a|b in c %}{% endfor %}",
    "{% if a %}{% else %}",
    "{% with %}{% endwith %}",
    "{% with a %}{% endwith %}",
    "{% include %}",
    "{% regroup a as b %}",
    "{% block %}{% endblock %}",
    "{% extends %}",
    "{{ a }}{% extends 'b' %}",
    "{% comment %}",
    "{% load i18n %}{% blocktranslate %}",
]


@pytest.mark.parametrize("text", [*TEXTS, *BROKEN])
def test_each_tag_and_expression_is_read_as_django_reads_it(text: str) -> None:
    assert disagreement(text) is None


@pytest.mark.parametrize("text", BROKEN)
def test_what_django_refuses_has_a_reason_and_no_nodes(text: str) -> None:
    facts = extract_template(text)
    assert facts.broken
    assert facts.nodes == ()


@pytest.mark.parametrize("package", [django, rest_framework])
def test_the_templates_of_packages_are_read_as_django_reads_them(package: object) -> None:
    folder = Path(str(package.__file__)).parent  # type: ignore[attr-defined]  # both are modules of a file
    found = {path: path.read_text(encoding="utf-8") for path in templates_below(folder) if path.suffix != ".png"}
    assert len(found) > 25
    assert {path: told for path, text in found.items() if (told := disagreement(text)) is not None} == {}


PIECES = (
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    " ",
    "\n",
    "a",
    "a.b",
    "|",
    ":",
    "'",
    '"',
    "_(",
    ")",
    "1",
    "-",
    "if",
    "for",
)
WORDS = ("endif", "endfor", "in", "verbatim", "endverbatim", "with", "=", "as", "\\", "é", "\u2028", "else", "x=y")


@given(st.lists(st.sampled_from((*PIECES, *WORDS)), max_size=30).map("".join))
@settings(max_examples=400, deadline=None)
def test_whatever_the_text_it_is_cut_as_django_cuts_it(text: str) -> None:
    told = disagreement(text)
    assert told is None or not told.startswith(("tokens", "words")), told
    extract_template(text)


def test_nothing_is_too_deep_to_be_refused() -> None:
    assert extract_template("{% if a %}" * 9_000 + "{% endif %}" * 9_000).broken == "nested too deeply to be read"


def test_offsets_lead_to_the_expression_in_the_text() -> None:
    text = "one\n  {{  book.author|upper  }}"
    (node,) = extract_template(text).nodes
    assert isinstance(node, Output)
    assert node.shown.value == Variable(("book", "author"))
    assert text[node.shown.start : node.shown.end] == "book.author|upper"
