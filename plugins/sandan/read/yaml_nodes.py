"""YAML whose every complaint names file, line and remedy. All scalars are text, as written: no octal, no yes/no."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

import yaml
import yaml.parser
import yaml.reader
import yaml.scanner

from sandan.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_MEND = "write 'key: value', indented by blanks, with quotes round a value that holds any of : # * @ % { ["
_OPEN_QUOTE = ("this is no YAML: a quote that opens on this line does not close on it", "close the quote")
_OPEN_BRACKET = (
    "this is no YAML: what stands in the bracket that opens on this line is no list or mapping",
    "close the bracket, with a comma between any two entries",
)


@dataclass(frozen=True)
class Value:
    """One node of a YAML file: a text, a list or a mapping."""

    file: Path
    node: yaml.Node
    name: str

    def error(self, problem: str, remedy: str) -> ConfigurationError:
        """What is wrong at this line, to be raised."""
        return ConfigurationError(self.file, self.node.start_mark.line + 1, problem, remedy)

    def text(self, choices: Collection[str] = ()) -> str:
        """A single text, one of `choices` where there are any."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error(f"'{self.name}' must be a single text", f"write {self.name}: value")
        value = str(self.node.value)
        if choices and value not in choices:
            raise self.error(f"'{self.name}' is '{value}'", f"write one of: {', '.join(choices)}")
        if not value:
            raise self.error(f"'{self.name}' is empty", "give it a value")
        return value

    def is_text(self) -> bool:
        """Whether this is a single text."""
        return isinstance(self.node, yaml.ScalarNode)

    def items(self) -> list[Value]:
        """The entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error(f"'{self.name}' must be a list", f"write {self.name}: [a, b]")
        return [Value(self.file, node, self.name) for node in self.node.value]

    def mapping(self, required: Collection[str] = (), optional: Collection[str] | None = None) -> dict[str, Value]:
        """The entries by key. With `optional` given, no other keys are allowed. No key may stand twice."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"'{self.name}' must be a mapping", f"write {self.name}: with one 'key: value' a line")
        entries: dict[str, Value] = {}
        for key_node, value_node in self.node.value:
            key = Value(self.file, key_node, f"a key of {self.name}")
            name = key.text()
            if name in entries:
                raise key.error(f"'{name}' is written twice in {self.name}", "keep one of the two")
            if optional is not None and name not in (*required, *optional):
                raise key.error(
                    f"unknown key '{name}' in {self.name}", f"known are: {', '.join((*required, *optional))}"
                )
            entries[name] = Value(self.file, value_node, name)
        if missing := [name for name in required if name not in entries]:
            raise self.error(f"{self.name} lacks '{missing[0]}'", f"add {missing[0]}: …")
        return entries


def load(file: Path, name: str) -> Value:
    """The document of a file. Raises ConfigurationError where it is no YAML."""
    text = _text(file)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigurationError(file, line, "the line holds a control character", "remove it") from error
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(file, text, error) from error
    if node is None:
        raise ConfigurationError(file, 1, "the file is empty", "describe a source, or remove the file")
    return Value(file, node, name)


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        problem = f"the file cannot be opened ({error.strerror})"
        raise ConfigurationError(file, 0, problem, "make it a file that can be read, or move it away") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(file, line, "the file is not in UTF-8", "save it as UTF-8 text") from error


def _syntax_error(file: Path, text: str, error: yaml.MarkedYAMLError) -> ConfigurationError:
    """The fault at the line where it was made, which may lie far above the one where the parser noticed."""
    noticed = error.problem_mark or error.context_mark
    line, problem, remedy = noticed.line if noticed else -1, f"this is no YAML: {error.problem}", _MEND
    if isinstance(error, yaml.scanner.ScannerError) and error.context_mark:
        line = error.context_mark.line
        if "end of stream" in (error.problem or ""):
            problem, remedy = _OPEN_QUOTE
    opened: list[int] = []
    for token in _tokens(text, noticed.index if noticed else 0):
        if isinstance(token, yaml.ScalarToken) and token.style in {"'", '"'} and _lines(token) > 1:
            return ConfigurationError(file, token.start_mark.line + 1, *_OPEN_QUOTE)
        if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
            opened.append(token.start_mark.line)
        elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken) and opened:
            opened.pop()
    if opened and isinstance(error, yaml.parser.ParserError):
        line, (problem, remedy) = opened[-1], _OPEN_BRACKET
    return ConfigurationError(file, line + 1, problem, remedy)


def _tokens(text: str, end: int) -> Iterator[yaml.Token]:
    """The tokens that start before the character `end`, as far as there are any."""
    with suppress(yaml.YAMLError):
        yield from takewhile(lambda token: token.start_mark.index < end, yaml.scan(text, Loader=yaml.SafeLoader))


def _lines(token: yaml.Token) -> int:
    return int(token.end_mark.line - token.start_mark.line) + 1
