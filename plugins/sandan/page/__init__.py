"""Pages that open anywhere, offline: one HTML file with its style and drawings in it, nothing to load or run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sandan.page.cells import both, counted, money, percent

__all__ = ["render"]

VIEWS = Path(__file__).with_name("views")
#: what every template may call
FUNCTIONS = {function.__name__: function for function in (both, counted, money, percent)}


def render(views: Path, name: str, values: dict[str, Any], style: str = "") -> str:
    """The page of the template `<name>.html.j2` in `views`, which extends `page.html.j2`.

    `<style>.css` beside it (`<name>.css` without one) follows the style that all pages share. Texts in `values` are
    escaped; a name that the template uses and `values` lacks is an error.
    """
    pages = Environment(
        loader=FileSystemLoader([views, VIEWS]), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    pages.globals.update(FUNCTIONS)
    styles = "".join(file.read_text(encoding="utf-8") for file in (VIEWS / "page.css", views / f"{style or name}.css"))
    return pages.get_template(f"{name}.html.j2").render(style=Markup(styles), **values)  # noqa: S704 - our own files
