# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How issues are read and found."""

from __future__ import annotations

from tests.live.fact import fact
from tests.live.facts.refusals import missing_key
from tests.live.reasons import NotAsked, Reason
from tests.live.scratch import Scratch, Unexpected, prepared
from tests.live.site import Answer


@fact(6, "serverInfo says which Jira it is", "deploymentType, version, versionNumbers, baseUrl")
def server_info(three: Scratch) -> str:
    data = three.site.ask("GET", "serverInfo").data
    return ", ".join(name for name in ("deploymentType", "version", "versionNumbers", "baseUrl") if name in data)


@fact(6, "mypermissions takes permissions with commas, and repeated", "all, and all")
def permissions_twice(three: Scratch) -> str:
    names = ["LINK_ISSUES", "BROWSE_PROJECTS"]
    seen = []
    for permissions in (",".join(names), names):
        params = {"issueKey": three.a.key, "permissions": permissions}
        answer = three.site.ask("GET", "mypermissions", params=params)
        known = answer.data.get("permissions", {}) if answer.status == 200 else {}
        seen.append("all" if set(names) <= set(known) else "not all")
    return ", and ".join(seen)


# --- bulkfetch


def bulk_fetch(three: Scratch, *names: str) -> Answer:
    body = {"issueIdsOrKeys": names, "fields": ["summary"]}
    return prepared(three.site.ask("POST", "issue/bulkfetch", json=body))


@fact(6, "bulkfetch answers in the order of the ids, whatever was asked first", cloud=["ascending ids"])
def order_of_bulkfetch(three: Scratch) -> str:
    last, middle, first = sorted((three.a, three.b, three.c), key=lambda issue: -int(issue.id))
    answer = bulk_fetch(three, last.key, first.key, middle.key)
    ids = [issue["id"] for issue in answer.data["issues"]]
    orders = {(first.id, middle.id, last.id): "ascending ids", (last.id, first.id, middle.id): "as asked"}
    return orders.get(tuple(ids), "another order")


@fact(6, "bulkfetch leaves out what is not there, and says nothing of it", cloud=["left out, no errors"])
def silence_of_bulkfetch(three: Scratch) -> str:
    data = bulk_fetch(three, three.a.key, missing_key(three)).data
    shown = "left out" if [issue["id"] for issue in data["issues"]] == [three.a.id] else "not left out"
    return f"{shown}, {'errors' if data.get('issueErrors') else 'no errors'}"


@fact(6, "bulkfetch follows a key that an issue once had", cloud=["followed"])
def moved_key_in_bulkfetch(three: Scratch) -> str:
    if not three.moved:
        raise NotAsked(Reason.NO_MOVED_KEY)
    keys = [issue["key"] for issue in bulk_fetch(three, three.moved).data["issues"]]
    return "followed" if len(keys) == 1 and keys[0] != three.moved.upper() else "not followed"


# --- searching


@fact(6, "A search finds issues by their keys", "a and b and c")
def search_by_key(three: Scratch) -> str:
    return three.found(three.search(f"key in ({three.a.key}, {three.b.key}, {three.c.key})"))


@fact(6, "A search that names a missing key is refused as a whole", data_center=["400"])
def missing_key_in_a_search(three: Scratch) -> str:
    return three.found(three.search(f"key in ({three.a.key}, {missing_key(three)})"))


@fact(6, "With validateQuery off, such a search finds the others", data_center=["a"])
def missing_key_in_an_unvalidated_search(three: Scratch) -> str:
    return three.found(three.search(f"key in ({three.a.key}, {missing_key(three)})", validateQuery=False))


@fact(6, "Cloud has removed the old search", cloud=["410"])
def old_search(three: Scratch) -> str:
    return str(three.site.ask("POST", "search", json={"jql": f"key = {three.a.key}"}).status)


@fact(6, "search/jql shows only ids unless it is asked for fields", cloud=["id"])
def fields_of_a_search(three: Scratch) -> str:
    answer = three.site.ask("POST", "search/jql", json={"jql": f"key = {three.a.key}"})
    if answer.status != 200 or not answer.data["issues"]:
        raise Unexpected(answer)
    return ", ".join(name for name in ("id", "key", "fields") if name in answer.data["issues"][0])


@fact(6, "search/jql refuses a query without a restriction", cloud=["400"])
def unbounded_search(three: Scratch) -> str:
    return str(three.site.ask("POST", "search/jql", json={"jql": "order by key", "maxResults": 1}).status)


@fact(12, "linkedIssues finds the other end of a new link", "b")
def linked_issues(three: Scratch) -> str:
    three.linked(three.a, three.b)
    return three.found_at_last("linkedIssues", f"issue in linkedIssues({three.a.key})")


@fact(12, "linkedIssues with a phrase finds what makes a sentence with it", "b")
def linked_issues_by_phrase(three: Scratch) -> str:
    kind = three.directed
    three.linked(three.a, three.b)
    prepared(three.link(three.c, three.a), 201)
    return three.found_at_last(
        "linkedIssues with a phrase", f"issue in linkedIssues({three.a.key}, {quoted(kind.outward)})"
    )


@fact(12, "What issueLinkType finds by the name of a type", "a and b", "nothing", "400")
def link_type_by_name(three: Scratch) -> str:
    three.linked(three.a, three.b)
    return three.found_at_last("issueLinkType by name", _of_type(three, three.directed.name))


@fact(12, "What issueLinkType finds by the inward phrase of a type", "b", "a and b", "nothing", "400")
def link_type_by_phrase(three: Scratch) -> str:
    """The outward phrase of Blocks, blocks, could be taken for its name."""
    three.linked(three.a, three.b)
    return three.found_at_last("issueLinkType by phrase", _of_type(three, three.directed.inward))


def _of_type(three: Scratch, word: str) -> str:
    return f"issueLinkType = {quoted(word)} AND key in ({three.a.key}, {three.b.key}, {three.c.key})"


def quoted(word: str) -> str:
    return '"{}"'.format(word.replace("\\", "\\\\").replace('"', '\\"'))


@fact(12, "With reconcileIssues, a search knows of a new link at once", cloud=["b"])
def reconciled_search(three: Scratch) -> str:
    three.linked(three.a, three.b)
    ids = [int(three.a.id), int(three.b.id)]
    return three.found(three.search(f"issue in linkedIssues({three.a.key})", reconcileIssues=ids))
