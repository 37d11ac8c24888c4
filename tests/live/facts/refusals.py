# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Jira refuses around issue links, and in which words."""

from __future__ import annotations

from tests.live.fact import fact
from tests.live.reasons import NotAsked, Reason
from tests.live.scratch import Scratch, prepared
from tests.live.site import Answer
from tests.live.words import OTHER_WORDS, messages, one_line, refusal

MISSING_ON_CLOUD = "404 Issue does not exist or you do not have permission to see it."
MISSING_ON_DATA_CENTER = "404 Issue Does Not Exist"
SELF_LINK = "400 You cannot link an issue to itself."
NO_SUCH_NUMBER = "999999999999"


def told(three: Scratch, answer: Answer, **values: str) -> str:
    """The refusal; words that are not known are noted for the terminal. A success has no words."""
    seen = refusal(answer, **values) if answer.status >= 400 else str(answer.status)
    if seen.endswith(OTHER_WORDS):
        three.unknown_words += [one_line(three.site.hidden(message)) for message in messages(answer)]
    return seen


@fact(2, "A link of an issue to itself is refused", cloud=[SELF_LINK, f"400 {OTHER_WORDS}"], data_center=[SELF_LINK])
def self_link(three: Scratch) -> str:
    return told(three, three.link(three.a, three.a))


@fact(4, "An unknown name of a link type", "404 No issue link type with name '{name}' found.")
def unknown_type_name(three: Scratch) -> str:
    name = f"no such type {three.mark.run}"
    answer = three.post_link({"key": three.a.key}, {"key": three.b.key}, {"name": name})
    return told(three, answer, name=name)


@fact(
    3,
    "The name of a link type has to be exact, in capitals and small letters, too",
    "404 No issue link type with name '{name}' found.",
)
def type_name_in_other_letters(three: Scratch) -> str:
    name = three.directed.name.swapcase()
    if name in [each.name for each in three.types]:
        raise NotAsked(Reason.SAME_LETTERS)
    answer = three.post_link({"key": three.a.key}, {"key": three.b.key}, {"name": name})
    return told(three, answer, name=name)


@fact(4, "An unknown id of a link type", "404 No issue link type with id '{id}' found.")
def unknown_type_id(three: Scratch) -> str:
    answer = three.post_link({"key": three.a.key}, {"key": three.b.key}, {"id": NO_SUCH_NUMBER})
    return told(three, answer, id=NO_SUCH_NUMBER)


@fact(4, "Reading an issue that is not there", cloud=[MISSING_ON_CLOUD], data_center=[MISSING_ON_DATA_CENTER])
def missing_issue(three: Scratch) -> str:
    return told(three, three.site.ask("GET", "issue/*", missing_key(three)))


def missing_key(three: Scratch) -> str:
    """A key in the project of a, with a number that no project reaches."""
    return f"{three.a.key.rpartition('-')[0]}-{NO_SUCH_NUMBER}"


@fact(4, "A link to an issue that is not there", cloud=[MISSING_ON_CLOUD], data_center=[MISSING_ON_DATA_CENTER])
def link_to_a_missing_issue(three: Scratch) -> str:
    answer = three.post_link({"key": three.a.key}, {"key": missing_key(three)}, {"id": three.directed.id})
    return told(three, answer)


@fact(4, "An unknown type and a missing issue are refused together", data_center=["404, two messages"])
def refused_together(three: Scratch) -> str:
    answer = three.post_link({"key": three.a.key}, {"key": missing_key(three)}, {"id": NO_SUCH_NUMBER})
    return f"{answer.status}, {'two messages' if len(messages(answer)) == 2 else 'not two messages'}"


@fact(4, "Reading a link that is gone", "404 No issue link with id '{id}' exists.")
def reading_a_link_that_is_gone(three: Scratch) -> str:
    link_id = _removed_link(three)
    return told(three, three.site.ask("GET", "issueLink/*", link_id), id=link_id)


@fact(4, "Removing a link that is gone", "404 No issue link with id '{id}' exists.")
def removing_a_link_that_is_gone(three: Scratch) -> str:
    """An id that was ours a moment ago, so nobody's link can go."""
    link_id = _removed_link(three)
    return told(three, three.site.ask("DELETE", "issueLink/*", link_id), id=link_id)


def _removed_link(three: Scratch) -> str:
    link_id = three.linked(three.a, three.b).id
    prepared(three.site.ask("DELETE", "issueLink/*", link_id), 204)
    return link_id


@fact(4, "A link id that is no number", "400")
def link_id_that_is_no_number(three: Scratch) -> str:
    return str(three.site.ask("GET", "issueLink/*", "abc").status)


PROBLEM, MESSAGE, OTHER_SHAPE = (
    "404, type, title, status and detail",
    "404, message and status-code",
    "404, another shape",
)


@fact(4, "The body about an unknown address", cloud=[PROBLEM, MESSAGE, OTHER_SHAPE], data_center=[MESSAGE, OTHER_SHAPE])
def unknown_address(three: Scratch) -> str:
    answer = three.site.ask("GET", "linkops-no-such-address")
    names = set(answer.data) if isinstance(answer.data, dict) else set()
    shapes = {
        "type, title, status and detail": {"type", "title", "status", "detail"},
        "message and status-code": {"message", "status-code"},
    }
    shape = next((shape for shape, wanted in shapes.items() if wanted <= names), "another shape")
    return f"{answer.status}, {shape}"
