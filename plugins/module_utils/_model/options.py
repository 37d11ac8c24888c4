# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says: issue keys, link types, links. Whatever makes no sense is an InputError. No input or output."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .._text import counted, folded, in_short, listed, nearest_first, printable
from .comment import Comment, adf_in, is_adf
from .link import AskedKey, Issue, IssueLink, LinkType

LINK_FORMS = [("sentence",), ("issue", "phrase", "linked_issue"), ("link_type", "inward_issue", "outward_issue")]
"""The ways in which a task says a link. It uses all names of one, and none of the others."""
QUERY_FORMS = [("issue_jql", "phrase", "linked_issue"), ("issue", "phrase", "linked_jql")]
"""The ways in which an element of a list says many links at once: with a query in place of an issue."""
FORMS = [*LINK_FORMS, *QUERY_FORMS]
SAID_WITH = f"A link is said with {', or with '.join(map(listed, LINK_FORMS))}"
SAID_IN_A_LIST = f"{SAID_WITH}; issue_jql may stand in place of issue, or linked_jql in place of linked_issue."
_ENDS = ("issue", "linked_issue", "inward_issue", "outward_issue")
LINK_OPTIONS = list(dict.fromkeys(name for form in FORMS for name in form))
_KEY = re.compile(r"\w+-[0-9]+|[0-9]+")
_PAGE = re.compile(r"(?:[^?#]*/(?:browse|issues)/|[^#]*[?&]selectedIssue=)(\w+-[0-9]+)(?=[/?#&]|$)")
"""Where the address of a page in a browser has the key of its issue."""
_HOST = re.compile(r"(?:https?://)?([^/?#]*?)(?::(?:80|443))?(?=[/?#]|$)", re.IGNORECASE)
_FIELDS = re.compile(r"\b(epics?|parents?|child|children|sub-?\s?tasks?)\b")
"""What belongs to an issue and is sought among its links."""


class InputError(Exception):
    """What the task asks for makes no sense. Nothing was written."""

    def to_result(self) -> dict[str, Any]:
        """What the result of the task says of it, beside the message."""
        return {}


class Mistaken(NamedTuple):
    """One thing that is wrong with a declared set.

    :param origin: where it stands, such as ``links[2]`` or ``links.csv line 7``; empty if it is about the whole set.
    :param about: the link or the query that it is about; empty if that is not known.
    :param position: which element of the set it is about; None if it is about no single one.
    """

    message: str
    origin: str = ""
    about: str = ""
    position: int | None = None

    def __str__(self) -> str:
        about = f" ({self.about})" if self.about else ""
        return f"{self.origin}{about}: {self.message}" if self.origin else self.message

    def to_result(self) -> dict[str, str]:
        return {"origin": printable(self.origin), "message": printable(self.message)}


class Refused(InputError):
    """There are mistakes in a declared set. All of them are named."""

    def __init__(self, mistakes: Sequence[Mistaken]) -> None:
        texts = in_short(list(map(str, mistakes)), "And {:,} more: see mistakes.")
        super().__init__(f"{counted(len(mistakes), 'mistake')}, and nothing was written. {' '.join(texts)}")
        self.mistakes = mistakes

    def to_result(self) -> dict[str, Any]:
        return {"mistakes": [mistake.to_result() for mistake in self.mistakes]}


class Mistakes:
    """Collects everything that is wrong with a declared set, so that all of it is reported together."""

    def __init__(self) -> None:
        self._found: list[Mistaken] = []

    def add(self, message: str, origin: str = "", about: str = "", position: int | None = None) -> None:
        """Note a mistake. The parameters are those of `Mistaken`."""
        self._found.append(Mistaken(message, origin, about, position))

    @property
    def found(self) -> list[Mistaken]:
        """All of them, each once: those of the elements first, in the order in which these stand."""
        once = dict.fromkeys(self._found)
        return sorted(once, key=lambda each: (each.position is None, each.position or 0))

    def refuse(self) -> None:
        """Raise all mistakes as one error, if there are any.

        :raises Refused: there are mistakes.
        """
        if self._found:
            raise Refused(self.found)


def refuse_empty(params: Mapping[str, Any], *names: str) -> None:
    """Refuse texts that are empty. Of options outside of a list, that is done before a module runs.

    :raises InputError: one of them is empty.
    """
    for name in names:
        if params[name] is not None and not params[name].strip():
            raise InputError(f"{name} is empty. Give it a value, or leave it out.")


def check_form(said: Mapping[str, Any]) -> None:
    """Check that an element of a list says a link in one of the forms, and only in that one.

    :raises InputError: it does not.
    """
    refuse_empty(said, *LINK_OPTIONS)
    given = {name for name in LINK_OPTIONS if said[name] is not None}
    if given not in map(set, FORMS):
        raise InputError(f"{SAID_IN_A_LIST} This one has {listed(sorted(given))}.")
    if said["allow_empty"] is not None and not is_query(said):
        raise InputError("allow_empty is for issue_jql and linked_jql.")


def is_query(said: Mapping[str, Any]) -> bool:
    """Whether an element says many links, with a query in place of an issue."""
    return said["issue_jql"] is not None or said["linked_jql"] is not None


def issue_key(text: str, site: str = "") -> AskedKey:
    """An issue key or id as a person types it, or the key in the address of the issue's page in a browser.

    :param site: the address of the Jira site; empty if it is not known.
    :raises InputError: it is none of these, so it is not worth a request.
    """
    typed = text.strip()
    if _KEY.fullmatch(typed.upper()):
        return AskedKey(typed)
    here, there = _without_scheme(site), _without_scheme(typed)
    page = _PAGE.match(there.removeprefix(here)) if here and there.startswith(f"{here}/") else None
    if page:
        return AskedKey(page[1])
    if is_address(typed):
        without_login = re.sub(r"//.*@", "//", typed)
        raise InputError(
            f"{printable(without_login)!r} is no page of an issue of this Jira. Give the key of an issue, such as "
            "HSP-1. What lies outside of this Jira is linked to with jira_remote_link."
        )
    raise InputError(f"{printable(text)!r} is no issue key. A key looks like HSP-1.")


def is_address(text: str) -> bool:
    """Whether a text is the address of a page."""
    return bool(re.match(r"\s*https?://", text, re.IGNORECASE))


def _without_scheme(address: str) -> str:
    """``jira.example.com/jira/browse/HSP-1``: an address without what does not matter for which site it is of."""
    return _HOST.sub(lambda found: found[1].lower(), address.strip(), count=1).rstrip("/")


def type_reference(text: str) -> LinkType:
    """The type as a task names it: digits are an id, anything else is a name.

    :raises InputError: it is empty.
    """
    if not text.strip():
        raise InputError("link_type is empty. Give the name or the id of a link type, such as Blocks.")
    return LinkType(id=text) if text.isdigit() else LinkType(name=text)


def find_type(types: Iterable[LinkType], wanted: LinkType) -> LinkType | None:
    return next((link_type for link_type in types if link_type.fits(wanted)), None)


def resolve_type(
    types: Iterable[LinkType],
    wanted: LinkType,
    takes_phrases: str = "issue, phrase and linked_issue say a link with it.",
) -> LinkType:
    """The link type as the site has it. Names match exactly, as they do for Jira.

    :param takes_phrases: which options beside the one of the type take a phrase; empty if none do.
    :raises InputError: there is no such type; the error names those there are, nearest first.
    """
    types = list(types)
    found = find_type(types, wanted)
    if found:
        return found
    name = wanted.id or wanted.name or ""
    order = nearest_first(name, (link_type.name or "" for link_type in types))
    known = sorted(types, key=lambda link_type: order.index(link_type.name or ""))
    so_called = [each for each in types if folded(name) in (folded(each.outward or ""), folded(each.inward or ""))]
    numbered = [each for each in types if each.name == wanted.id]
    by_id = f"Digits count as an id, so take the id of {with_ids(numbered)}. " if numbered else ""
    raise InputError(
        f"This site has no issue link type with the {'id' if wanted.id else 'name'} {printable(name)!r}. "
        f"{by_id}{_hint(name, 'a phrase', so_called, takes_phrases)}"
        f"It has, nearest first: {listed(map(str, known))}. A name must match exactly."
    )


def _hint(words: str, what: str, so_called: Iterable[LinkType], instead: str) -> str:
    """What the words are, if not what they were taken for: ``what`` of some link types, or a field of an issue."""
    types = list(map(str, so_called))
    if types:
        return " ".join([f"That is {what} of {listed(types)}.", *([instead] if instead else []), ""])
    if _FIELDS.search(folded(words)):
        return (
            "An issue's parent, its epic and its sub-tasks are fields of the issue, not issue links: "
            "docs/parents-and-epics.md of this collection has a recipe for them. "
        )
    return ""


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
    return referred(types, text) or resolve_type(types, type_reference(text), "")


def near(types: Iterable[LinkType], name: str) -> list[LinkType]:
    """The types whose names differ in case or space only, if at all."""
    return [link_type for link_type in types if folded(link_type.name or "") == folded(name)]


def with_ids(types: Iterable[LinkType]) -> str:
    return listed(f"{link_type} with id {link_type.id}" for link_type in types)


class Reading(NamedTuple):
    """A link type that a phrase fits, and whether the phrase is its outward one (``blocks``) or its inward one."""

    link_type: LinkType
    outward: bool


def types_for_phrase(types: Iterable[LinkType], phrase: str, takes_types: str = "") -> list[Reading]:
    """The link types that a phrase fits.

    :param takes_types: which options beside the one of the phrase take a link type.
    :raises InputError: it fits none; the error lists every phrase the site has, nearest first.
    """
    types = list(types)
    wanted = folded(phrase)
    outward = [Reading(t, True) for t in types if folded(t.outward or "") == wanted]
    inward = [Reading(t, False) for t in types if folded(t.inward or "") == wanted and not t.symmetric]
    if outward or inward:
        return outward + inward
    more = any("-" in word and _KEY.fullmatch(word.strip(",;")) for word in phrase.upper().split())
    one_each = "A sentence is about two issues, so say each link in its own. " if more else ""
    phrases = nearest_first(phrase, (text for t in types for text in (t.outward, t.inward) if text))
    raise InputError(
        f"No issue link type reads {printable(phrase)!r}. {_hint(phrase, 'the name', near(types, phrase), takes_types)}"
        f"{one_each}This site's phrases, nearest first: {listed(printable(repr(text)) for text in phrases)}."
    )


def as_element(link: Any) -> Any:
    """An element of a list of links: a text is a sentence, and anything else stays what it is."""
    return {"sentence": link} if isinstance(link, str) else link


def key_mistakes(said: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the issue keys that an element says, once its sentence is taken `apart`.

    An address is not looked at: only a module knows whether it is of its site.
    """
    keys = []
    for name in _ENDS:
        text = said.get(name) or ""
        try:
            if text.strip() and not is_address(text):
                keys.append(_end(said, name))
        except InputError as mistake:
            yield str(mistake)
    if len(keys) > len(set(keys)):
        yield to_itself(keys[0])


def to_itself(key: str) -> str:
    """Why a link between an issue and itself is refused."""
    return f"You cannot link an issue to itself: both ends are {key}."


def _end(said: Mapping[str, Any], name: str, site: str = "") -> AskedKey:
    """The key of one of the two issues that an element says.

    :raises InputError: it is no key. If it is a word of a sentence, the whole sentence is named.
    """
    try:
        return issue_key(said[name], site)
    except InputError as mistake:
        sentence = said.get("sentence") or ""
        no_sentence = f"{printable(sentence)!r} is no sentence about two issues: " if sentence else ""
        query = " What a query finds is linked to with linked_jql or issue_jql." if "=" in sentence else ""
        raise InputError(f"{no_sentence}{mistake}{query}") from None


def apart(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options with the sentence ``REL-1 is blocked by APP-7`` as ``issue``, ``phrase`` and ``linked_issue``.

    :raises InputError: the sentence has less than three words.
    """
    sentence = params.get("sentence")
    if sentence is None:
        return params
    words = sentence.split()
    if len(words) < 3:
        raise InputError(
            f"{printable(sentence)!r} is no sentence about two issues. One looks like: REL-1 is blocked by APP-7."
        )
    return {**params, "issue": words[0], "phrase": " ".join(words[1:-1]), "linked_issue": words[-1]}


def asked_link(params: Mapping[str, Any], types: Callable[[], list[LinkType]], site: str = "") -> IssueLink:
    """The link that a task asks for, in any of its forms. The types are read only for a phrase.

    :param site: the address of the Jira site.
    :raises InputError: a key is no key, a phrase fits no type, or it fits several.
    """
    said = apart(params)
    if said["phrase"] is None:
        link_type = type_reference(said["link_type"])
        return IssueLink(link_type, Issue(_end(said, "inward_issue", site)), Issue(_end(said, "outward_issue", site)))
    ends = Issue(_end(said, "issue", site)), Issue(_end(said, "linked_issue", site))
    by_type = "link_type, inward_issue and outward_issue say a link with it."
    fitting = types_for_phrase(types(), said["phrase"], by_type)
    if len(fitting) > 1:
        raise InputError(
            f"{printable(said['phrase'])!r} fits several issue link types: "
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
    if body is None or (isinstance(body, str) and not body.strip()):
        return None
    if isinstance(body, str):
        body = adf_in(body) or body
    elif not is_adf(body):
        raise InputError("comment has to be text, or an Atlassian Document (ADF), which is a dict with type: doc.")
    if isinstance(body, Mapping) and api_version == "2":
        raise InputError("comment is an ADF document, which only API version 3 takes. Give it as text.")
    given = {f"comment_visibility.{name}": value for name, value in (params["comment_visibility"] or {}).items()}
    refuse_empty(given, *given)
    visibility = {name.rpartition(".")[2]: value for name, value in given.items() if value}
    return Comment(body, visibility, params["comment_internal"])
