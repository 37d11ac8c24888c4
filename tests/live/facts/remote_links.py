# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remote links, all of them with a global id of this run."""

from __future__ import annotations

from typing import Any

from tests.live.fact import fact
from tests.live.facts.refusals import told
from tests.live.scratch import Scratch, Unexpected, prepared
from tests.live.site import Answer

REFUSED, REMOVED = "415", "204"


def created(three: Scratch, **more: Any) -> str:
    """The id of a new remote link."""
    answer = three.post_remote_link(**more)
    if answer.status != 201 or not isinstance(answer.data, dict) or "id" not in answer.data:
        raise Unexpected(answer)
    return str(answer.data["id"])


@fact(7, "A new global id makes a remote link and answers with its id", "201, id, self")
def new_global_id(three: Scratch) -> str:
    answer = three.post_remote_link()
    names = [name for name in ("id", "self") if isinstance(answer.data, dict) and name in answer.data]
    return ", ".join([str(answer.status), *names])


@fact(7, "The same global id changes that remote link", "200, the same id, one remote link")
def same_global_id(three: Scratch) -> str:
    first = created(three)
    answer = three.post_remote_link()
    same = isinstance(answer.data, dict) and str(answer.data.get("id")) == first
    listed = prepared(three.site.ask("GET", "issue/*/remotelink", three.a.id)).data
    number = sum(each.get("globalId") == three.global_id() for each in listed)
    return f"{answer.status}, {'the same id' if same else 'another id'}, {'one remote link' if number == 1 else 'more'}"


@fact(7, "What is not sent again becomes null", "relationship gone, summary gone")
def fields_that_are_not_sent(three: Scratch) -> str:
    created(three, relationship="is tested by", object={"summary": "A summary"})
    prepared(three.post_remote_link())
    data = one_remote_link(three).data
    shown = {"relationship": data.get("relationship"), "summary": data["object"].get("summary")}
    return ", ".join(f"{name} {'kept' if value else 'gone'}" for name, value in shown.items())


def one_remote_link(three: Scratch) -> Answer:
    """By its global id."""
    return prepared(three.site.ask("GET", "issue/*/remotelink", three.a.id, params={"globalId": three.global_id()}))


@fact(7, "All remote links are a list; with globalId it is one object", "a list, an object")
def list_and_object(three: Scratch) -> str:
    created(three)
    listed = prepared(three.site.ask("GET", "issue/*/remotelink", three.a.id)).data
    one = one_remote_link(three).data
    kinds = "a list" if isinstance(listed, list) else "no list", "an object" if isinstance(one, dict) else "no object"
    return ", ".join(kinds)


@fact(7, "A remote link without a title", "400 'title' is required.")
def remote_link_without_a_title(three: Scratch) -> str:
    return told(three, three.post_remote_link(object={"title": ""}))


@fact(7, "A global id of more than 255 characters", "400")
def long_global_id(three: Scratch) -> str:
    return str(three.post_remote_link("x" * 256).status)


@fact(7, "DELETE of a remote link by its global id, with the media type JSON", "204")
def removal_by_global_id(three: Scratch) -> str:
    created(three)
    return _removed_by_global_id(three, typed=True)


@fact(7, "DELETE by the global id without a media type", cloud=[REFUSED, REMOVED], data_center=[REMOVED])
def removal_by_global_id_without_a_media_type(three: Scratch) -> str:
    created(three)
    return _removed_by_global_id(three, typed=False)


def _removed_by_global_id(three: Scratch, **options: Any) -> str:
    params = {"globalId": three.global_id()}
    return str(three.site.ask("DELETE", "issue/*/remotelink", three.a.id, params=params, **options).status)


@fact(7, "DELETE by the global id without a media type and without a login", cloud=["415", "401", "403", "404"])
def removal_without_a_media_type_and_a_login(three: Scratch) -> str:
    created(three)
    return _removed_by_global_id(three, typed=False, authorization=None)


@fact(7, "DELETE of a remote link by its id, with the media type JSON", "204")
def removal_by_id(three: Scratch) -> str:
    return str(three.site.ask("DELETE", "issue/*/remotelink/*", three.a.id, created(three)).status)


@fact(7, "DELETE by the id without a media type", cloud=[REFUSED, REMOVED], data_center=[REMOVED])
def removal_by_id_without_a_media_type(three: Scratch) -> str:
    return str(three.site.ask("DELETE", "issue/*/remotelink/*", three.a.id, created(three), typed=False).status)
