# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Link types as a task declares them: which one is meant, and what differs. No input or output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._model import InputError, LinkType, resolve_type
from ._text import folded, listed, printable


def named(types: Iterable[LinkType], name: str) -> LinkType | None:
    """The type of that name; without one, the type whose name differs in case or surrounding space only.

    :raises InputError: there are several of the latter.
    """
    types = list(types)
    same = [kind for kind in types if kind.name == name]
    same = same or [kind for kind in types if folded(kind.name or "") == folded(name)]
    if len(same) > 1:
        candidates = listed(f"{kind} with id {kind.id}" for kind in same)
        raise InputError(
            f"{printable(name)!r} fits several issue link types: {candidates}. Give the exact name of one."
        )
    return same[0] if same else None


def referred(types: Iterable[LinkType], text: str) -> LinkType:
    """The type that a name, as in `named`, or an id refers to.

    :raises InputError: there is none; the error names those there are.
    """
    types = list(types)
    return named(types, text) or resolve_type(types, LinkType.from_reference(text))


def declared(types: Iterable[LinkType], params: Mapping[str, Any]) -> tuple[LinkType | None, LinkType]:
    """The type that is there, if one is, and as it is to be.

    A type that is found keeps the spelling of its name, unless new_name gives another one.

    :raises InputError: it cannot be made, or not be renamed.
    """
    types = list(types)
    name, new_name = params["name"], params["new_name"]
    old, new = named(types, name), named(types, new_name) if new_name else None
    if old and new and old.id != new.id:
        raise InputError(
            f"{old} cannot be renamed: {new} exists. To make one of the two, remove the other with state: absent "
            "and move_links_to."
        )
    there = old or new
    words = {word: params[word].strip() for word in ("inward", "outward") if params[word] is not None}
    if there is None and len(words) < 2:
        raise InputError(
            f"This site has no issue link type {printable(name)!r}. To make one, both inward and outward are needed. "
            f"It has {listed(map(str, types))}."
        )
    words["name"] = (new_name or name).strip() if new_name or not there else str(there.name)
    return there, (there or LinkType())._replace(**words)


def shared_phrases(types: Iterable[LinkType], kind: LinkType) -> list[str]:
    """What to be warned of: phrases that other types have as well, so that they no longer tell the type."""
    others = [each for each in types if each.id != kind.id]
    return [
        f"{phrase!r} is also a phrase of {other}. Tasks that say a link with it will have to name the type instead."
        for phrase in dict.fromkeys((kind.outward, kind.inward))
        for other in others
        if folded(phrase or "") in (folded(other.outward or ""), folded(other.inward or ""))
    ]


def changed_words(before: LinkType, after: LinkType) -> dict[str, str | None]:
    """What Jira has to be told of a type that is there."""
    return {word: value for word, value in after._asdict().items() if value != getattr(before, word)}


def type_sentence(kind: LinkType) -> str:
    """``Blocks: A blocks B / B is blocked by A``."""
    return printable(f"{kind.name}: A {kind.outward} B / B {kind.inward} A")


def type_query(*words: str | None) -> str:
    """JQL for the issues that have a link of a type, which Jira knows by its name or by its phrases."""
    quoted = (str(word).replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "issueLinkType in ({})".format(", ".join(f'"{word}"' for word in quoted))
