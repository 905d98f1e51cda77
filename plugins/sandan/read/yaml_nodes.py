"""YAML whose every complaint names file, line and remedy. All scalars are text, as written: no octal, no yes/no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from sandan.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


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
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(file, line, f"this is no YAML: {error.problem}", "mend the line") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            file, 1, "the file cannot be read as YAML in UTF-8", "save it as UTF-8 text"
        ) from error
    if node is None:
        raise ConfigurationError(file, 1, "the file is empty", "describe a source, or remove the file")
    return Value(file, node, name)
