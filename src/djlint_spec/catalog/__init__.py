"""The rules' pages: documentation, catalogue entry and test in one."""

from __future__ import annotations

from djlint_spec.catalog.pages import Block, Page, PageError, Section, load_pages, page_of, parse_page

__all__ = ["Block", "Page", "PageError", "Section", "load_pages", "page_of", "parse_page"]
