# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads CSV into links and the lines in which they stand. No input or output."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from ..module_utils._model.options import InputError, apart, key_mistakes
from ..module_utils._text import listed, printable
from ._lines import Document, Lines, Mistake

REQUIRED = ("issue", "phrase", "linked_issue")
COLUMNS = (*REQUIRED, "sentence", "comment")
_BYTE_ORDER_MARK = "\ufeff"


class _Row(NamedTuple):
    """A row of CSV.

    :param line: the number of its first line, from 1.
    :param problem: what is wrong with its quotes; empty if nothing is.
    """

    line: int
    fields: list[str]
    problem: str = ""


def from_csv(text: str) -> Document:
    """The links that CSV text holds, each as a task says it, or everything in it that cannot be a link."""
    rows = _rows(text)
    header = next(rows, _Row(1, []))
    names = ["_".join(name.lower().split()) for name in header.fields]
    problems = [header.problem] if header.problem else _header_problems(names)
    mistakes = [Mistake(header.line, problem) for problem in problems]
    links: list[dict[str, str]] = []
    lines: Lines = {(): 1}
    for row in rows:
        link = dict(zip(names, row.fields))
        problems = [row.problem] if row.problem else list(_problems(link, row.fields, names))
        mistakes += [Mistake(row.line, problem) for problem in problems]
        lines[(len(links),)] = row.line
        links += [] if mistakes else [_link(link)]
    return Document(links, lines, mistakes)


def _rows(text: str) -> Iterator[_Row]:
    """The rows that are not blank. After broken quotes, reading goes on with the next line."""
    text = text.removeprefix(_BYTE_ORDER_MARK)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Row(number, [], f"it cannot be read, check its quotes: {error}.")
            continue
        if any(field.strip() for field in fields):
            yield _Row(number, fields)


def _header_problems(names: list[str]) -> list[str]:
    """What is wrong with the names of the columns."""
    unknown = [repr(printable(name)) for name in names if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in names and "sentence" not in names]
    twice = [name for name in COLUMNS if names.count(name) > 1]
    return [
        *([f"unknown columns: {listed(unknown)}. The columns are {listed(COLUMNS)}."] if unknown else []),
        *([f"columns are missing: {listed(missing)}."] if missing else []),
        *([f"columns are there more than once: {listed(twice)}."] if twice else []),
    ]


def _problems(link: dict[str, str], fields: list[str], names: list[str]) -> Iterator[str]:
    """What is wrong with a row.

    :param link: its fields by name.
    """
    if len(fields) != len(names):
        yield f"it has {len(fields)} fields, and the first line {len(names)}."
        return
    given = [name for name in REQUIRED if link.get(name, "").strip()]
    if link.get("sentence", "").strip():
        if given:
            yield f"it has a sentence and {listed(given)}. One of both says the link."
        try:
            link = dict(apart(link))
        except InputError as mistake:
            yield str(mistake)
    elif len(given) < len(REQUIRED):
        yield f"it has no {listed(name for name in REQUIRED if name not in given)}."
    yield from key_mistakes(link)
    if any("\udc80" <= char <= "\udcff" for field in fields for char in field):
        yield "it is not in UTF-8. Export the file again as UTF-8."


def _link(row: dict[str, str]) -> dict[str, str]:
    """The link that a row states: no spaces around its words, and a comment as it is."""
    link = {name: row[name].strip() for name in (*REQUIRED, "sentence") if row.get(name, "").strip()}
    return {**link, "comment": row["comment"]} if row.get("comment", "").strip() else link
