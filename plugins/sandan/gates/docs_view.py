"""The look of the Data Docs: the pages of Great Expectations, without the scripts and styles it takes from the net."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from great_expectations.render.view import DefaultJinjaIndexPageView, DefaultJinjaPageView
from great_expectations.render.view.view import DefaultJinjaView
from jinja2 import ChoiceLoader, FileSystemLoader

if TYPE_CHECKING:
    from great_expectations.render import RenderedDocumentContent

SUITE_LINK = re.compile(r'<a [^>]*href="(?:[^"]*/)?expectations/[^>]*>(.*?)</a>', re.DOTALL)
VIEWS = Path(__file__).with_name("views")


class _Offline(DefaultJinjaView):
    """Great Expectations looks into custom folders last; here ours come first."""

    def __init__(self, **directories: Any) -> None:
        super().__init__(**directories)
        theirs = self.env.loader
        if theirs is None:
            raise TypeError("great_expectations gave its view no templates")
        self.env.loader = ChoiceLoader([FileSystemLoader(VIEWS), theirs])

    def render(self, document: RenderedDocumentContent, template: str | None = None, **values: Any) -> str:
        """The page, without its links to pages of the suites: those are code, in `expectations/`."""
        page: str = super().render(document, template, **values)  # type: ignore[no-untyped-call]
        return SUITE_LINK.sub(r"\1", page)


class PageView(_Offline, DefaultJinjaPageView):
    """One suite in one run."""


class IndexView(_Offline, DefaultJinjaIndexPageView):
    """All kept runs."""
