# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links as elements of ``links``, in the form in which a task takes them back. No input or output."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from .link import Issue, IssueLink, LinkType
from .options import InputError, asked_link

Element = dict[str, Any]
"""What says one link, as an element of ``links``: its names are those of the option."""
_PLAIN = re.compile(r"\w(?:[\w /.()-]*[\w)])?")
"""A name of a link type that nothing takes for more than a name. Digits would be taken for an id; a spreadsheet takes
what begins with ``=`` for a formula, and its reader takes off spaces."""
_KEPT = ("link_id", "comment", "comment_visibility", "comment_internal")


def declared(link: IssueLink, types: Sequence[LinkType]) -> Element:
    """The link as a sentence where that says it all, and else, as where types share a phrase, by its type.

    :param types: the site's link types; none if they are not known, for then a sentence might say more than one link.
    """
    says_all = types and _phrase_says_all(link.type, tuple(types))
    return {"sentence": link.sentence} if says_all else _by_type(link)


@lru_cache(maxsize=100)
def _phrase_says_all(link_type: LinkType, types: Iterable[LinkType]) -> bool:
    """Whether a sentence with the phrase of a link type is understood as a link of this type."""
    link = IssueLink(link_type, Issue("A-1"), Issue("A-2"))
    try:
        understood = asked_link({"sentence": link.sentence}, lambda: list(types))
    except InputError:
        return False
    return (understood.type.id, *understood.keys) == (link_type.id, *link.keys)


def _by_type(link: IssueLink) -> Element:
    name = link.type.name or ""
    plain = _PLAIN.fullmatch(name) and not name.isdigit()
    return {
        "link_type": name if plain else link.type.id or name,
        "inward_issue": link.inward.key,
        "outward_issue": link.outward.key,
    }


def declared_as(link: IssueLink, said: Mapping[str, Any], types: Sequence[LinkType]) -> Element:
    """The element that said a link, in canonical form: with its state and its comment, and without its origin.

    :param said: its options, with the state that counts for it.
    """
    absent = {"state": "absent"} if said["state"] == "absent" else {}
    kept = {name: said[name] for name in _KEPT if said.get(name)}
    return {**declared(link, types), **absent, **kept}
