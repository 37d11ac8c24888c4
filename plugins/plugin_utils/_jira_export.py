# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links in the CSV that Jira itself exports. No input or output.

Its columns repeat. In the row of A, ``Outward issue link (Blocks)`` has B where A blocks B, and ``Inward issue link
(Blocks)`` has B where B blocks A. In the brackets is the name of the type. A link stands in the rows of both issues.
"""

from __future__ import annotations

import re

from ..module_utils._model.options import LINK_OPTIONS
from ..module_utils._text import listed, printable

_KEY = "issue key"
_ANY_LINK = re.compile(r"(inward|outward) issue link\b", re.IGNORECASE)
_LINK = re.compile(r"(inward|outward) issue link \((.+)\)", re.IGNORECASE | re.DOTALL)
_NOT_READ = (*LINK_OPTIONS, "state", "link_id", "allow_empty")
"""What would say of links something else than such a file does."""


class JiraExport:
    """How such a file says links. Whatever else it holds, comments too, is not looked at.

    :ivar problems: what is wrong with its first line.
    :ivar clear: whether nothing is.
    """

    warnings: tuple[str, ...] = ()

    @staticmethod
    def made(header: list[str]) -> bool:
        """Whether a file with this first line is Jira's own export of issues with links."""
        return any(_ANY_LINK.match(cell.strip()) for cell in header)

    def __init__(self, header: list[str]) -> None:
        cells = [cell.strip() for cell in header]
        names = ["_".join(cell.lower().split()) for cell in cells]
        links = {place: _link_column(cell) for place, cell in enumerate(cells) if _ANY_LINK.match(cell)}
        self._keys = [place for place, cell in enumerate(cells) if cell.lower() == _KEY]
        self._links = [(place, found[1].lower() == "inward", found[2]) for place, found in links.items() if found]
        self._seen: set[tuple[str, str, str]] = set()
        ours = [name for name in dict.fromkeys(names) if name in _NOT_READ]
        nameless = dict.fromkeys(printable(repr(cells[place])) for place, found in links.items() if not found)
        what = "this is Jira's own export"
        self.problems = [
            *([] if len(self._keys) == 1 else [f"{what}, and needs one column 'Issue key'."]),
            *(
                [f"{what}, and {listed(nameless)} names no link type, or one that looks like an id."]
                if nameless
                else []
            ),
            *([f"{what}, and {listed(ours)} beside it would say links in two ways. Make two files."] if ours else []),
        ]
        self.clear = not self.problems

    def links(self, fields: list[str]) -> list[dict[str, str]]:
        """The links in the row of an issue, apart from those that an earlier row said."""
        cells = dict(enumerate(map(str.strip, fields)))
        key, new = cells.get(self._keys[0], ""), []
        for place, is_inward, name in self._links:
            other = cells.get(place, "")
            inward, outward = (other, key) if is_inward else (key, other)
            said = (name, inward.upper(), outward.upper())
            if other and said not in self._seen:
                self._seen.add(said)
                new.append({"link_type": name, "inward_issue": inward, "outward_issue": outward})
        return new


def _link_column(cell: str) -> re.Match[str] | None:
    """Which way the links of a column lead, and the name of their type. One that is all digits would be an id."""
    found = _LINK.fullmatch(cell)
    return found if found and not found[2].isdigit() else None
