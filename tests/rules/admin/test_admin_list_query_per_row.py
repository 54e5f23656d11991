"""DJS801: what a finding on an admin list names."""

from __future__ import annotations

from djlint_spec.config import Config
from djlint_spec.engine import check_tree
from djlint_spec.source import MemoryTree

_FILES = {
    "shop/__init__.py": "",
    "shop/models.py": """
from django.db import models

class Author(models.Model):
    first = models.CharField(max_length=9)
    last = models.CharField(max_length=9)

class Book(models.Model):
    author = models.ForeignKey(Author, models.CASCADE)
""",
    "shop/admin.py": """
from django.contrib import admin
from shop.models import Book

@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ["writer"]

    def writer(self, book):
        name = f"{book.author.first} {book.author.last}"
        return name + str(book.author)
""",
}


def test_a_line_that_reads_a_path_twice_is_named_once() -> None:
    report = check_tree(MemoryTree(_FILES), Config(select=("DJS801",)))
    [finding] = report.findings
    assert [(at.span.row, at.message) for at in finding.related] == [(10, "reads author"), (11, "reads author")]
