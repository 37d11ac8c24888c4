# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says: issue keys, link types, links. Whatever makes no sense is an InputError. No input or output."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from .._text import counted, folded, listed, nearest_first, printable
from .comment import Comment
from .link import Issue, IssueLink, LinkType

LINK_FORMS = [("issue", "phrase", "linked_issue"), ("link_type", "inward_issue", "outward_issue")]
"""The two ways in which a task says a link. It uses all names of one, and none of the other."""
_KEY = re.compile(r"\w+-[0-9]+|[0-9]+")


class InputError(Exception):
    """What the task asks for makes no sense. Nothing was written."""


class Mistakes:
    """Collects everything that is wrong with a declared set, so that all of it is reported together.

    Mistakes of the elements come first, in the order in which these stand.
    """

    def __init__(self) -> None:
        self._of_elements: dict[int, str] = {}
        self._others: list[str] = []

    def add(self, text: str, position: int | None = None) -> None:
        """Note a mistake.

        :param position: which element of the list it is about, if it is about one.
        """
        if position is None:
            self._others.append(text)
        else:
            self._of_elements[position] = text

    def extend(self, texts: Iterable[str]) -> None:
        """Add several that are about no single element."""
        self._others += texts

    @property
    def found(self) -> list[str]:
        """All of them, in order."""
        return [*(self._of_elements[position] for position in sorted(self._of_elements)), *self._others]

    def refuse(self) -> None:
        """Raise all mistakes as one error, if there are any.

        :raises InputError: there are mistakes.
        """
        texts = self.found
        if texts:
            raise InputError(f"{counted(len(texts), 'mistake')}, and nothing was written. {' '.join(texts)}")


def refuse_empty(params: Mapping[str, Any], *names: str) -> None:
    """Refuse options that are empty: mostly that is a variable without a value.

    :raises InputError: one of them is empty.
    """
    for name in names:
        if params[name] is not None and not params[name].strip():
            raise InputError(f"{name} is empty. Give it a value, or leave it out.")


def check_form(said: Mapping[str, Any]) -> None:
    """Check that an element of a list says a link in one of the two forms, and only in that one.

    :raises InputError: it does not.
    """
    refuse_empty(said, *LINK_FORMS[0], *LINK_FORMS[1])
    given = {name for form in LINK_FORMS for name in form if said[name] is not None}
    if given not in map(set, LINK_FORMS):
        forms = " or with ".join(map(listed, LINK_FORMS))
        raise InputError(f"A link is said with {forms}. This one has {listed(sorted(given))}.")


def issue_key(text: str) -> str:
    """An issue key or id as a person types it, in Jira's capitals.

    :raises InputError: it is neither, so it is not worth a request.
    """
    key = text.strip().upper()
    if not _KEY.fullmatch(key):
        raise InputError(f"{printable(text)!r} is no issue key. A key looks like HSP-1.")
    return key


def type_reference(text: str) -> LinkType:
    """The type as a task names it: digits are an id, anything else is a name.

    :raises InputError: it is empty.
    """
    if not text.strip():
        raise InputError("link_type is empty. Give the name or the id of a link type, such as Blocks.")
    return LinkType(id=text) if text.isdigit() else LinkType(name=text)


def find_type(types: Iterable[LinkType], wanted: LinkType) -> LinkType | None:
    return next((link_type for link_type in types if link_type.fits(wanted)), None)


def resolve_type(types: Iterable[LinkType], wanted: LinkType) -> LinkType:
    """The link type as the site has it. Names match exactly, as they do for Jira.

    :raises InputError: there is no such type; the error names those there are, nearest first.
    """
    types = list(types)
    found = find_type(types, wanted)
    if found:
        return found
    name = wanted.id or wanted.name or ""
    order = nearest_first(name, (link_type.name or "" for link_type in types))
    known = sorted(types, key=lambda link_type: order.index(link_type.name or ""))
    phrases = {folded(phrase or "") for link_type in types for phrase in (link_type.outward, link_type.inward)}
    raise InputError(
        f"This site has no issue link type with the {'id' if wanted.id else 'name'} {printable(name)!r}. "
        f"{'That is a phrase: say the link with issue, phrase and linked_issue. ' if folded(name) in phrases else ''}"
        f"It has, nearest first: {listed(map(str, known))}. A name must match exactly."
    )


def named(types: Iterable[LinkType], name: str) -> LinkType | None:
    """The type of that name; without one, the type whose name differs in case or surrounding space only.

    That is for a type that is to be there. What removes, renames or moves takes `referred`.

    :raises InputError: there are several of the latter.
    """
    types = list(types)
    same = [link_type for link_type in types if link_type.name == name] or near(types, name)
    if len(same) > 1:
        raise InputError(
            f"{printable(name)!r} fits several issue link types: {with_ids(same)}. Give the exact name of one."
        )
    return same[0] if same else None


def referred(types: Iterable[LinkType], text: str) -> LinkType | None:
    """The link type with exactly that name or id, None if there is none. A near name would be the wrong one next time.

    :raises InputError: one type has the name and another one the id. With one of them gone, it would be the other.
    """
    fitting = [link_type for link_type in types if text in (link_type.name, link_type.id)]
    if len(fitting) > 1:
        raise InputError(
            f"{printable(text)!r} is the name of one issue link type and the id of another: {with_ids(fitting)}. Give "
            "the id of the one, or the name of the other."
        )
    return fitting[0] if fitting else None


def required(types: Iterable[LinkType], text: str) -> LinkType:
    """The link type with exactly that name or id.

    :raises InputError: there is none; the error names those there are, nearest first.
    """
    types = list(types)
    return referred(types, text) or resolve_type(types, type_reference(text))


def near(types: Iterable[LinkType], name: str) -> list[LinkType]:
    """The types whose names differ in case or space only, if at all."""
    return [link_type for link_type in types if folded(link_type.name or "") == folded(name)]


def with_ids(types: Iterable[LinkType]) -> str:
    return listed(f"{link_type} with id {link_type.id}" for link_type in types)


class Reading(NamedTuple):
    """A link type that a phrase fits, and whether the phrase is its outward one (``blocks``) or its inward one."""

    link_type: LinkType
    outward: bool


def types_for_phrase(types: Iterable[LinkType], phrase: str) -> list[Reading]:
    """The link types that a phrase fits.

    :raises InputError: it fits none; the error lists every phrase the site has, nearest first.
    """
    types = list(types)
    wanted = folded(phrase)
    outward = [Reading(t, True) for t in types if folded(t.outward or "") == wanted]
    inward = [Reading(t, False) for t in types if folded(t.inward or "") == wanted and not t.symmetric]
    if outward or inward:
        return outward + inward
    phrases = nearest_first(phrase, (text for t in types for text in (t.outward, t.inward) if text))
    raise InputError(
        f"No issue link type reads {printable(phrase)!r}. This site's phrases, nearest first: "
        f"{listed(printable(repr(text)) for text in phrases)}."
    )


def asked_link(params: Mapping[str, Any], types: Callable[[], list[LinkType]]) -> IssueLink:
    """The link that a task asks for, in either of its two forms. The types are read only for a phrase.

    :raises InputError: a key is no key, a phrase fits no type, or it fits several.
    """
    if params["phrase"] is None:
        inward, outward = params["inward_issue"], params["outward_issue"]
        link_type = type_reference(params["link_type"])
        return IssueLink(link_type, Issue(issue_key(inward)), Issue(issue_key(outward)))
    ends = Issue(issue_key(params["issue"])), Issue(issue_key(params["linked_issue"]))
    fitting = types_for_phrase(types(), params["phrase"])
    if len(fitting) > 1:
        raise InputError(
            f"{printable(params['phrase'])!r} fits several issue link types: "
            f"{with_ids(reading.link_type for reading in fitting)}. "
            "Say which one with link_type, inward_issue and outward_issue."
        )
    reading = fitting[0]
    return IssueLink(reading.link_type, *(ends if reading.outward else reversed(ends)))


def asked_comment(params: Mapping[str, Any], api_version: str) -> Comment | None:
    """The comment that a task asks for with a new link, None if there is none.

    :raises InputError: it is neither text nor an ADF document, or the document does not fit the API version.
    """
    body = params["comment"]
    if isinstance(body, (int, float)) and not isinstance(body, bool):
        body = str(body)  # a variable that holds the number of a change
    if not body or (isinstance(body, str) and not body.strip()):
        return None
    if not isinstance(body, (str, Mapping)):
        raise InputError("comment has to be text, or a dict that is an ADF document.")
    if isinstance(body, Mapping) and api_version == "2":
        raise InputError("comment is an ADF document, which only API version 3 takes. Give it as text.")
    given = {f"comment_visibility.{name}": value for name, value in (params["comment_visibility"] or {}).items()}
    refuse_empty(given, *given)
    visibility = {name.rpartition(".")[2]: value for name, value in given.items() if value}
    return Comment(body, visibility, params["comment_internal"])
