# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads CSV, as people save their sheets, into links and the lines in which they stand. No input or output."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..module_utils._model.options import FORMS, SAID_IN_A_LIST
from ..module_utils._module import Spec
from ..module_utils._text import listed, one_slip, printable
from ._jira_export import JiraExport
from ._lines import NOT_UTF_8, Document, Lines, Mistake

_BYTE_ORDER_MARK = "\ufeff"
_SAID_SEPARATOR = re.compile(r'"?sep=([^"\r\n])"?[,;\t]*\r?\n?', re.IGNORECASE)
"""The first line with which Excel is told the separator."""
Columns = Mapping[str, tuple[str, ...]]
"""By the name of a column, the option of an element that it gives, and which part of that if the option has parts.

An option that has parts is not given as a whole: that is ``()``."""
_OLD_COMMENTS = (
    "there are issue_id, so Jira has written this file, and comment: old comments would be posted again. Take out that "
    "column; or if these are comments for new links, take out issue_id."
)


class _Row(NamedTuple):
    """A row of CSV.

    :param line: the number of its first line, from 1.
    :param problem: why it cannot be read; empty if it can.
    """

    line: int
    fields: list[str]
    problem: str = ""


def columns_of(spec: Spec) -> Columns:
    """The columns that a sheet may have: the options of an element, by all their names, and the parts of options.

    Where an element comes from, only its reader knows. People have columns of that name for something else.
    """
    columns: dict[str, tuple[str, ...]] = {"issue_key": ("issue",)}
    for name, option in spec.items():
        if name == "origin":
            continue
        parts = option.get("options", {})
        columns.update(dict.fromkeys((name, *option.get("aliases", ())), () if parts else (name,)))
        columns.update({f"{name}_{part}": (name, part) for part in parts})
    return columns


def from_csv(text: str, spec: Spec) -> Document:
    """The links that CSV text holds, each as a task says it, and what in it cannot be read.

    :param spec: the argument spec of an element.
    """
    columns = columns_of(spec)
    rows = _rows(text.removeprefix(_BYTE_ORDER_MARK), columns)
    header = next(rows, _Row(1, []))
    sheet = JiraExport(header.fields) if JiraExport.made(header.fields) else _Sheet(header.fields, columns, spec)
    unread = header.problem and not header.fields
    problems = [*filter(None, [header.problem]), *([] if unread else sheet.problems)]
    mistakes = [Mistake(header.line, problem) for problem in problems]
    links: list[dict[str, Any]] = []
    lines: Lines = {(): 1}
    for row in rows:
        problem = row.problem or (_problem(row.fields, header.fields) if sheet.clear else "")
        mistakes += [Mistake(row.line, problem)] if problem else []
        for link in sheet.links(row.fields) if sheet.clear and not problem else ():
            lines[(len(links),)] = row.line
            links.append(link)
    return Document(links, lines, mistakes, sheet.warnings)


def _rows(text: str, columns: Columns) -> Iterator[_Row]:
    """The rows that are not blank. After broken quotes, reading goes on with the next line."""
    said = _SAID_SEPARATOR.match(text)
    text = text[said.end() :] if said else text
    separator = said[1] if said else max(",;\t", key=lambda each: _fitting(text, each, columns))
    reader = _reader(text, separator)
    while True:
        number = reader.line_num + (2 if said else 1)
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Row(number, [], f"it cannot be read, check its quotes: {error}.")
            continue
        if any("\udc80" <= char <= "\udcff" for field in fields for char in field):
            yield _Row(number, fields, NOT_UTF_8)
        elif any(field.strip() for field in fields):
            yield _Row(number, fields)


def _reader(text: str, separator: str) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _fitting(text: str, separator: str, columns: Columns) -> tuple[int, int]:
    """How many columns of ours a separator makes of the first line, and how many columns at all."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        names = [_name(field) for field in next(_reader(first, separator), [])]
    except csv.Error:
        return 0, first.count(separator)
    return sum(name in columns for name in names), first.count(separator)


def _name(cell: str) -> str:
    """``Linked Issue`` as ``linked_issue``."""
    return re.sub(r"[\W_]+", "_", cell.lower()).strip("_")


def _problem(fields: list[str], header: list[str]) -> str:
    """What is wrong with the number of fields of a row. Programs leave out empty ones at its end."""
    if any(field.strip() for field in fields[len(header) :]):
        return f"it has {len(fields)} fields, and the first line {len(header)}."
    named = zip(fields, header)
    nameless = [number for number, (field, name) in enumerate(named, 1) if field.strip() and not name.strip()]
    return f"field {nameless[0]} has a value, and its column has no name." if nameless else ""


class _Sheet:
    """How a sheet that a person made says links: each row is one.

    :ivar problems: what is wrong with its first line.
    :ivar clear: whether it is clear, all the same, which column says what.
    :ivar warnings: which of its columns are left alone.
    """

    def __init__(self, header: list[str], columns: Columns, spec: Spec) -> None:
        self._spec = spec
        names = [_name(cell) for cell in header]
        meant = [_meant(name, columns) for name in names]
        self._paths = [columns.get(each, ()) for each in meant]
        others = [printable(repr(cell.strip())) for cell, each in zip(header, meant) if cell.strip() and not each]
        unclear = [*self._unclear(meant), *([] if self._complete else [_missing(header, others)])]
        self.clear = not unclear
        self.problems = unclear + [
            f"the column {printable(name)} is misspelt: perhaps {each} is meant. If it is your own, rename it."
            for name, each in zip(names, meant)
            if each not in ("", name)
        ]
        if "issue_id" in names and ("comment",) in self._paths:
            self.problems.append(_OLD_COMMENTS)
        ours = listed(dict.fromkeys(map("_".join, filter(None, columns.values()))))
        left = f"Columns that say nothing of links were left alone: {listed(others)}. Those that do are {ours}."
        self.warnings = [left] if others and self.clear else []

    def _unclear(self, meant: list[str]) -> Iterator[str]:
        """What makes it unclear which column says what."""
        for path in dict.fromkeys(filter(None, self._paths)):
            if self._paths.count(path) > 1:
                yield f"the column {'_'.join(path)} is there more than once."
        for name in meant:
            if "options" in self._spec.get(name, {}):
                parts = listed(f"{name}_{part}" for part in self._spec[name]["options"])
                yield f"{name} has parts, each in a column of its own: {parts}."

    @property
    def _complete(self) -> bool:
        """Whether there are columns that can say a link."""
        return any(all((name,) in self._paths for name in form) for form in FORMS)

    def links(self, fields: list[str]) -> list[dict[str, Any]]:
        """The link that a row says; none if it has values in other columns only."""
        link: dict[str, Any] = {}
        for path, field in zip(self._paths, fields):
            if path and field.strip():
                value = field if self._spec[path[0]]["type"] == "raw" else field.strip()
                if len(path) == 1:
                    link[path[0]] = value
                else:
                    link.setdefault(path[0], {})[path[1]] = value
        return [link] if link else []


def _meant(name: str, columns: Columns) -> str:
    """The column that a name means, also if one letter is wrong; empty if it is none of ours."""
    return name if name in columns else next((each for each in columns if name and one_slip(name, each)), "")


def _missing(header: list[str], others: list[str]) -> str:
    names = [printable(repr(cell.strip())) for cell in header if cell.strip()]
    there = f" The columns of the file are {listed(names)}." if names else ""
    exported = " If Jira has exported it: its names are known in English only." if others else ""
    return f"columns are missing. {SAID_IN_A_LIST}{there}{exported}"
