"""sqlfluff with its own command line, in less than half of the time.

It compiles all macros twice for every file that it lints, and makes trees of objects that live as long as their file:
here a text is compiled once, and the garbage collector does not walk the trees. Processes that sqlfluff starts import
this module, too.
"""

from __future__ import annotations

import gc

from jinja2 import Environment
from sqlfluff.cli.commands import cli

compile_text = Environment.compile
codes: dict[str, object] = {}


def compile_once(environment: Environment, source: object, *rest: object, **named: object) -> object:
    """`Environment.compile`; code is not of one environment, and sqlfluff makes them all alike."""
    if not isinstance(source, str) or rest or named:
        return compile_text(environment, source, *rest, **named)
    if source not in codes:
        codes[source] = compile_text(environment, source)
    return codes[source]


Environment.compile = compile_once
gc.disable()

if __name__ == "__main__":
    cli()
