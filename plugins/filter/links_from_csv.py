# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: links_from_csv
short_description: Read issue links from CSV
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Turns CSV text, such as a spreadsheet exports it, into a list for O(linkops.jira.jira_issue_links#module:links).
  - Every line that cannot be a link is named in the error.
  - The text is data. Templates in it are not evaluated.
options:
  _input:
    description:
      - The text. Its first line names the columns, in any order. They are C(issue), C(phrase), C(linked_issue) and, if
        there are comments, C(comment); C(Linked issue) will do. Each further line is a link.
      - Separated by commas, semicolons or tabs, as the first line is. Fields in double quotes may hold separators and
        line breaks. Lines without any value are ignored.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Keep the links of a spreadsheet
  linkops.jira.jira_issue_links:
    links: "{{ spreadsheet | linkops.jira.links_from_csv }}"
  vars:
    spreadsheet: |
      issue,phrase,linked_issue,comment
      REL-1,is blocked by,APP-7,
      REL-1,is blocked by,LIB-2,"Agreed on Monday, by all"
"""

RETURN = r"""
_value:
  description: The links. Each has C(issue), C(phrase), C(linked_issue), and C(comment) if there is one.
  type: list
  elements: dict
  sample: [{"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}]
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._model.options import InputError, is_address, issue_key
from ..module_utils._text import counted, listed, printable

REQUIRED = ("issue", "phrase", "linked_issue")
COLUMNS = (*REQUIRED, "comment")
BYTE_ORDER_MARK = "\ufeff"


class Row(NamedTuple):
    """A row of CSV.

    :param line: the number of its first line, from 1.
    :param problem: what is wrong with its quotes; empty if nothing is.
    """

    line: int
    fields: list[str]
    problem: str = ""


def links_from_csv(text: str) -> list[dict[str, str]]:
    """The links that CSV text holds.

    :raises AnsibleFilterError: something in it cannot be a link; every such line is named.
    """
    if not isinstance(text, str):
        raise AnsibleFilterError(f"CSV text is needed, and this is a {type(text).__name__}.")
    rows = _rows(text)
    header = next(rows, Row(1, []))
    names = ["_".join(name.lower().split()) for name in header.fields]
    problems = [header.problem] if header.problem else _header_problems(names)
    mistakes = [f"line {header.line}: {problem}" for problem in problems]
    links = []
    for row in rows:
        link = dict(zip(names, row.fields))
        problems = [row.problem] if row.problem else list(_problems(link, row.fields, names))
        mistakes += [f"line {row.line}: {problem}" for problem in problems]
        links.append(_link(link))
    if mistakes:
        raise AnsibleFilterError(f"{counted(len(mistakes), 'mistake')} in the CSV text. {' '.join(mistakes)}")
    # ansible-core before 2.19 evaluates templates in every text that is not marked.
    unsafe: list[dict[str, str]] = wrap_var(links)
    return unsafe


def _rows(text: str) -> Iterator[Row]:
    """The rows that are not blank. After broken quotes, reading goes on with the next line."""
    text = text.removeprefix(BYTE_ORDER_MARK)
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
            yield Row(number, [], f"it cannot be read, check its quotes: {error}.")
            continue
        if any(field.strip() for field in fields):
            yield Row(number, fields)


def _header_problems(names: list[str]) -> list[str]:
    """What is wrong with the names of the columns."""
    unknown = [repr(printable(name)) for name in names if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in names]
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
    empty = [name for name in REQUIRED if name in link and not link[name].strip()]
    if empty:
        yield f"it has no {listed(empty)}."
    for name in ("issue", "linked_issue"):
        text = link.get(name, "")
        if text.strip() and not is_address(text):  # an address is for the module, which knows the site
            try:
                issue_key(text)
            except InputError as mistake:
                yield str(mistake)
    if any("\udc80" <= char <= "\udcff" for field in fields for char in field):
        yield "it is not in UTF-8. Export the file again as UTF-8."


def _link(row: dict[str, str]) -> dict[str, str]:
    """The link that a row states: no spaces around keys and phrase, and a comment as it is."""
    link = {name: row[name].strip() for name in REQUIRED if name in row}
    return {**link, "comment": row["comment"]} if row.get("comment", "").strip() else link


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"links_from_csv": links_from_csv}
