"""JUnit's XML, one test suite for each file with findings."""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree import ElementTree as xml

from djlint_spec.engine import Report
from djlint_spec.reporters.style import Style

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report, style: Style) -> str:
    """A failed test case for each finding; a project with none has one that passes."""
    root = xml.Element("testsuites", name="djlint-spec")
    for path, findings in groupby(report.findings, key=lambda finding: finding.span.path):
        found = list(findings)
        suite = _suite(root, _text(style.path(path)), tests=len(found), failures=len(found))
        for finding in found:
            span = finding.span
            case = xml.SubElement(
                suite,
                "testcase",
                name=f"{finding.code} {finding.name}",
                classname=_text(style.path(path)),
                time="0",
            )
            failure = xml.SubElement(case, "failure", message=_text(finding.message), type=finding.code)
            failure.text = _text(f"line {span.row}, column {span.column}: {finding.message}\n{finding.help}".rstrip())
    if not report.findings:
        suite = _suite(root, "djlint-spec", tests=1, failures=0)
        xml.SubElement(suite, "testcase", name="No findings", classname="djlint-spec", time="0")
    xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml.tostring(root, encoding="unicode")}\n'


def _suite(root: xml.Element, name: str, *, tests: int, failures: int) -> xml.Element:
    return xml.SubElement(
        root, "testsuite", name=name, tests=str(tests), failures=str(failures), errors="0", skipped="0", time="0"
    )


def _text(value: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value)
