# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Link types as a task declares them: which one is meant, and what differs. No input or output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._model.link import LinkType
from .._model.options import InputError, named, near, referred, with_ids
from .._text import folded, listed, printable


def before_and_after(types: Iterable[LinkType], params: Mapping[str, Any]) -> tuple[LinkType | None, LinkType]:
    """The link type as it is now (None if there is none), and as the task wants it.

    A type that is found keeps the spelling of its name, unless new_name gives another one.

    :raises InputError: it cannot be made, or not be renamed.
    """
    types = list(types)
    name, new_name = params["name"], params["new_name"]
    there = _to_rename(types, name, new_name) if new_name else named(types, name)
    words = {word: params[word].strip() for word in ("inward", "outward") if params[word] is not None}
    if there is None and len(words) < 2:
        raise InputError(
            f"This site has no issue link type {printable(name)!r}. To make one, both inward and outward are needed. "
            f"It has {listed(map(str, types))}."
        )
    keeps = there and new_name in (None, there.name)
    words["name"] = str(there.name) if there and keeps else (new_name or name).strip()
    return there, (there or LinkType())._replace(**words)


def _to_rename(types: Sequence[LinkType], name: str, new_name: str) -> LinkType | None:
    """The type that is to have the new name, or has it by now; None if there is neither.

    :raises InputError: the new name is taken, or there are only types whose names are nearly these.
    """
    old, new = referred(types, name), _exactly(types, new_name) or _exactly(types, new_name.strip())
    holders = [link_type for link_type in ([new] if new else near(types, new_name)) if old and link_type.id != old.id]
    if holders:
        raise InputError(
            f"{old} cannot be renamed: there is {with_ids(holders)}. To make one of them, remove the other with "
            "state: absent and move_links_to."
        )
    alike = (
        []
        if old or new
        else [link_type for link_type in types if near([link_type], name) or near([link_type], new_name)]
    )
    if alike:
        raise InputError(
            f"This site has no issue link type {printable(name)!r} to rename, and none that is {printable(new_name)!r} "
            f"by now. It has {with_ids(alike)}. Give the exact name or the id of the one that is meant."
        )
    return old or new


def _exactly(types: Iterable[LinkType], name: str) -> LinkType | None:
    return next((link_type for link_type in types if link_type.name == name), None)


def left_alone(types: Iterable[LinkType], name: str, target: str | None) -> list[str]:
    """A warning for a type that is not there to be removed, if the site has types with nearly that name.

    :param target: the name or id of a type that is to stay in any case.
    """
    alike = [link_type for link_type in near(types, name) if target not in (link_type.name, link_type.id)]
    text = (
        f"Nothing was removed: this site has no issue link type {printable(name)!r}. It has {with_ids(alike)}. "
        "To remove such a type, give its exact name or its id."
    )
    return [text] if alike else []


def shared_phrases(types: Iterable[LinkType], link_type: LinkType) -> list[str]:
    """Warnings about phrases that other link types have as well, so that a phrase no longer tells the type."""
    others = [each for each in types if each.id != link_type.id]
    return [
        f"{phrase!r} is also a phrase of {other}. Tasks that say a link with it will have to name the type instead."
        for phrase in dict.fromkeys((link_type.outward, link_type.inward))
        for other in others
        if folded(phrase or "") in (folded(other.outward or ""), folded(other.inward or ""))
    ]


def changed_words(before: LinkType, after: LinkType) -> dict[str, str | None]:
    """The words of a link type that differ: what a PUT has to send."""
    return {word: value for word, value in after._asdict().items() if value != getattr(before, word)}


def type_sentence(link_type: LinkType) -> str:
    """``Blocks: A blocks B / B is blocked by A``."""
    return printable(f"{link_type.name}: A {link_type.outward} B / B {link_type.inward} A")


def type_query(*words: str | None) -> str:
    """JQL for the issues that have a link of a type, which Jira knows by its name or by its phrases."""
    quoted = (str(word).replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "issueLinkType in ({})".format(", ".join(f'"{word}"' for word in quoted))
