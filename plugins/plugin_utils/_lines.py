# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads YAML and JSON into values and the lines in which they stand. No input or output."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import yaml

from ..module_utils._model.options import InputError
from ..module_utils._text import printable

_ENCODINGS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""By the byte order mark that a file begins with. One without is in UTF-8."""
_SAVE_AGAIN = "Save the file again as UTF-8."
NOT_UTF_8 = f"it is not in UTF-8. {_SAVE_AGAIN} In Excel that is 'CSV UTF-8'."
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_KEY_AND_SPACE = re.compile(r'("\d+")(\s+):')  # before the colon, YAML takes no line breaks
_MOST_REPEATED = 1_000_000
"""Values that aliases may repeat: nine lines could make a thousand million of them."""
_MERGE = "tag:yaml.org,2002:merge"
_AS_IN_JSON = {f"tag:yaml.org,2002:{tag}" for tag in ("null", "bool", "int", "float", "str", "seq", "map")}
Lines = dict[tuple[Any, ...], int]
"""Where the parts of a value begin, from 1, by the names and positions that lead to them, such as ``("links", 3)``.

``()`` is the whole. Nothing that is inside of an element of a list has a line of its own."""


class Mistake(InputError):
    """Something in a file makes no sense.

    :param line: where it begins, from 1.
    """

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")
        self.line, self.text = line, text


class Document(NamedTuple):
    """A value, the lines of its parts, and what is wrong with it although it can be read.

    :param warnings: what its reader should know, although it is no mistake.
    :param clear: whether it is clear what the rest means, in spite of the mistakes.
    """

    value: Any
    lines: Lines
    mistakes: list[Mistake]
    warnings: Sequence[str] = ()
    clear: bool = True

    def line(self, *path: Any) -> int:
        """Where that part begins, or else the whole: YAML can merge it in from elsewhere."""
        return self.lines.get(path) or self.lines[()]


class _Loader(yaml.SafeLoader):
    """What YAML shares with JSON. A date stays text, and a tag such as ``!vault`` is a mistake."""

    yaml_constructors = {  # noqa: RUF012
        tag: construct for tag, construct in yaml.SafeLoader.yaml_constructors.items() if not tag or tag in _AS_IN_JSON
    }
    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if tag in {*_AS_IN_JSON, _MERGE}]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same, where PyYAML has its part in C."""

    yaml_constructors = _Loader.yaml_constructors
    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def decoded(data: bytes, errors: str = "strict") -> str:
    """The text of a file, without its byte order mark.

    :param errors: what to do about bytes that are no text, as `bytes.decode` takes it.
    :raises Mistake: it is no text in UTF-8, nor in UTF-16 with a byte order mark.
    """
    mark = next((mark for mark in _ENCODINGS if data.startswith(mark)), b"")
    encoding, data = _ENCODINGS.get(mark, "utf-8"), data[len(mark) :]
    try:
        text = data.decode(encoding, errors)
    except UnicodeDecodeError as error:
        line = _line_after(data[: error.start].decode(encoding))
        raise Mistake(line, NOT_UTF_8 if encoding == "utf-8" else f"its UTF-16 is broken. {_SAVE_AGAIN}") from None
    if "\0" in text:
        raise Mistake(_line_after(text.partition("\0")[0]), f"it holds a NUL, so it is no text in UTF-8. {_SAVE_AGAIN}")
    return text


def _line_after(text: str) -> int:
    return len(re.findall("\r\n|\r|\n", text)) + 1


def from_json(text: str) -> Document:
    """:raises Mistake: the text is no JSON."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise Mistake(_line_after(text[: error.pos]), f"this is no JSON: {error.msg}.") from None
    except (ValueError, RecursionError) as error:
        raise Mistake(1, f"this cannot be read: {error}.") from None
    # JSON without its strings is YAML, whose parser knows lines. The number of each string takes its place.
    strings: list[str] = []

    def numbered(string: re.Match[str]) -> str:
        strings.append(json.loads(string[0]))
        return f'"{len(strings) - 1}"'

    known = _KEY_AND_SPACE.sub(r"\1:\2", _JSON_STRING.sub(numbered, text).replace("\t", " "))
    node = yaml.compose(known, _FastLoader)

    def name(key: str) -> str:
        return strings[int(key)]

    mistakes = list(_keys_given_twice(node, name))
    return Document(value, _lines(node, name), mistakes, clear=not mistakes)


def from_yaml(text: str) -> Document:
    """:raises Mistake: the text is no YAML, or holds what JSON cannot say."""
    try:
        return _from_yaml(text, _FastLoader)
    except yaml.YAMLError:
        pass  # the other one tells better what is wrong, and the same on every machine
    try:
        return _from_yaml(text, _Loader)
    except yaml.MarkedYAMLError as error:
        raise _mistake(error) from None
    except yaml.reader.ReaderError as error:
        line = _line_after(text[: error.position])
        raise Mistake(line, f"the character U+{ord(text[error.position]):04X} cannot stand in YAML.") from None


def _from_yaml(text: str, loader_class: Callable[[str], yaml.SafeLoader]) -> Document:
    loader = loader_class(text)
    try:
        node = loader.get_single_node()
        known: dict[int, int] = {}
        if _expanded(node, known) > len(known) + _MOST_REPEATED:
            raise ValueError(f"its aliases repeat more than {_MOST_REPEATED:,} values")
        lines, mistakes = _lines(node, str), list(_keys_given_twice(node, str))
        value = loader.construct_document(node) if node else None
        json.dumps(value)  # or an alias is inside of what it names
    except (ValueError, RecursionError) as error:
        raise Mistake(1, f"this cannot be read: {error}.") from None
    return Document(value, lines, mistakes, clear=not mistakes)


def _expanded(node: yaml.Node | None, known: dict[int, int]) -> int:
    """How many values a node has, where what an alias names counts each time.

    :param known: that number, by the identity of each node that was counted.
    """
    if id(node) not in known:
        known[id(node)] = 0  # as long as it is counted: an alias inside of what it names is refused later
        parts = node.value if isinstance(node, yaml.SequenceNode) else ()
        if isinstance(node, yaml.MappingNode):
            parts = [part for pair in node.value for part in pair]
        known[id(node)] = 1 + sum(_expanded(part, known) for part in parts)
    return known[id(node)]


def _mistake(error: yaml.MarkedYAMLError) -> Mistake:
    """The parser's error, in its words where there are no better ones."""
    mark, problem = error.problem_mark or error.context_mark, error.problem or ""
    if "'\\t'" in problem:
        text = "a tab cannot indent in YAML. Use spaces."
    elif "constructor for the tag" in problem:
        text = f"the tag {problem.rpartition(' ')[2]} means nothing here. Write the value without it."
    elif "another document" in problem:
        text = "a second document begins, and a file is one."
    else:
        begins = f" ({error.context}, from line {error.context_mark.line + 1} on)" if error.context_mark else ""
        text = f"this is no YAML: {problem}{begins}."
    return Mistake(mark.line + 1 if mark else 1, printable(text))


def _lines(node: yaml.Node | None, name: Callable[[str], str]) -> Lines:
    """:param name: the key that the text of a key stands for."""
    lines: Lines = {(): 1, **_elements((), node)}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode):
            lines.update({(name(key.value),): _line(key), **_elements((name(key.value),), value)})
    return lines


def _elements(path: tuple[str, ...], node: yaml.Node | None) -> Lines:
    elements = node.value if isinstance(node, yaml.SequenceNode) else ()
    return {(*path, position): _line(element) for position, element in enumerate(elements)}


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _keys_given_twice(whole: yaml.Node | None, name: Callable[[str], str]) -> Iterator[Mistake]:
    """A mistake for every key that its mapping has already, however deep: all but the last would be lost."""
    waiting, seen = [whole], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode) and id(node) not in seen:
            waiting += node.value
        elif isinstance(node, yaml.MappingNode) and id(node) not in seen:
            waiting += [value for dummy, value in node.value]
            first: dict[str, int] = {}
            for key in (key for key, dummy in node.value if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE):
                text, line = name(key.value), _line(key)
                if text in first:
                    yield Mistake(line, f"{printable(text)!r} is given twice, first in line {first[text]}.")
                first.setdefault(text, line)
        seen.add(id(node))
