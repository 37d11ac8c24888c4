# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remote links that are there, tasks, and what is there in the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.linkops.jira.plugins.module_utils._model.remote_link import global_id_of

from tests.local_jira import LocalJira

Json = dict[str, Any]
URL, OTHER = "https://ci.example.com/builds/512", "https://ci.example.com/builds/513"
PATH = "/issue/REL-1/remotelink"
BUILD: Json = {"remote_url": URL, "title": "Build 512"}
ALL: Json = {
    **BUILD,
    "global_id": "build",
    "summary": "green",
    "relationship": "built by",
    "application": {"name": "CI", "type": "com.example.ci"},
    "icon_url": "https://ci.example.com/i.png",
    "icon_title": "A build",
    "resolved": True,
    "status_icon_url": "https://ci.example.com/ok.png",
}
IN_FULL: Json = {
    "globalId": "build",
    "relationship": "built by",
    "application": {"name": "CI", "type": "com.example.ci"},
    "object": {
        "url": URL,
        "title": "Build 512",
        "summary": "green",
        "icon": {"url16x16": "https://ci.example.com/i.png", "title": "A build"},
        "status": {"resolved": True, "icon": {"url16x16": "https://ci.example.com/ok.png"}},
    },
}
ABSENT: dict[str, Any] = {"state": "absent"}


def held(title: str = "Build 512", url: str = URL, global_id: str | None = None, application: str = "") -> Json:
    """A remote link as a seed has it."""
    more = {"application": {"name": application}} if application else {}
    return {"issue": "REL-1", "globalId": global_id, "object": {"url": url, "title": title}, **more}


class Scenario(NamedTuple):
    """``fails`` are words of the failure; else the issue ends with ``after``: titles and global ids."""

    name: str
    options: Mapping[str, Any]
    before: Sequence[Json] = ()
    after: Sequence[tuple[str, str | None]] = ()
    fails: str = ""
    account: str = "demo"
    prepare: Callable[[LocalJira], None] = lambda site: None


def no_linking(site: LocalJira) -> None:
    site.settings(linking_enabled=False)


def several(*links: Json, **options: Any) -> Json:
    return {"links": list(links), **options}


EXACT: Json = {"state": "exact"}
LONG = f"https://ci.example.com/{'x' * 300}"
NOT_MINE, NEITHER = held("Page", "https://wiki.example.com/1", "page", "Wiki"), held("Note", "https://n.example.com")
OLD, OLDER = held("Old", OTHER, "old", "CI"), held("Older", f"{OTHER}4", "older", "CI")
CI: Json = {**BUILD, "application": {"name": "CI"}}
SCENARIOS = [
    Scenario("made", BUILD, after=[("Build 512", URL)]),
    Scenario("made with all there is", ALL, after=[("Build 512", "build")]),
    Scenario("made, with a key in small letters", {**BUILD, "issue": " rel-1 "}, after=[("Build 512", URL)]),
    Scenario("made, not resolved", {**BUILD, "resolved": False}, after=[("Build 512", URL)]),
    Scenario("made, with a long URL", {**BUILD, "remote_url": LONG}, after=[("Build 512", global_id_of(LONG))]),
    Scenario(
        "made beside one that is somebody else's",
        BUILD,
        [held(global_id="x")],
        [("Build 512", "x"), ("Build 512", URL)],
    ),
    Scenario("there", BUILD, [held(global_id=URL)], [("Build 512", URL)]),
    Scenario("there, whoever asks", BUILD, [held(global_id=URL)], [("Build 512", URL)], account="viewer"),
    Scenario("there, by its URL alone", {"remote_url": URL}, [held(global_id=URL)], [("Build 512", URL)]),
    Scenario(
        "there, by its global id alone", {"global_id": "build"}, [held(global_id="build")], [("Build 512", "build")]
    ),
    Scenario("adopted", BUILD, [held()], [("Build 512", URL)]),
    Scenario("adopted under a global id", {**BUILD, "global_id": "build"}, [held("Old")], [("Build 512", "build")]),
    Scenario(
        "not adopted where the global id is there",
        BUILD,
        [held("A"), held("B", OTHER, URL)],
        [("A", None), ("Build 512", URL)],
    ),
    Scenario("another title", {**BUILD, "title": "New"}, [held(global_id=URL)], [("New", URL)]),
    Scenario("another URL", {**BUILD, "global_id": "build"}, [held("Old", OTHER, "build")], [("Build 512", "build")]),
    Scenario(
        "a value taken away",
        {**BUILD, "relationship": ""},
        [{**held(global_id=URL), "relationship": "r"}],
        [("Build 512", URL)],
    ),
    Scenario(
        "removed by global id", {"global_id": "build", **ABSENT}, [held(global_id="build"), NEITHER], [("Note", None)]
    ),
    Scenario("removed by URL", {"remote_url": URL, **ABSENT}, [held(), held(global_id="x"), NEITHER], [("Note", None)]),
    Scenario("removed by id", {"id": "10000", **ABSENT}, [{**held(), "id": 1}], []),
    Scenario(
        "removed as it was declared",
        {**ALL, **ABSENT},
        [held(), held(global_id="build"), held(global_id="x")],
        [("Build 512", "x")],
    ),
    Scenario("not there to remove", {"remote_url": URL, **ABSENT}, [NEITHER], [("Note", None)]),
    Scenario("not there to remove by id", {"id": "7", **ABSENT}, account="viewer"),
    Scenario("no issue to remove it from", {"issue": "REL-999", "remote_url": URL, **ABSENT}),
    Scenario("no title", {"remote_url": URL}, fails="title is needed"),
    Scenario("no URL and no title", {"global_id": "build"}, fails="remote_url and title is needed"),
    Scenario("an empty title", {"remote_url": URL, "title": " "}, [held(global_id=URL)], fails="title is empty"),
    *(
        Scenario(f"no address: {text}", {"remote_url": text, "title": "x"}, fails="is no address")
        for text in ("ci.example.com/2", "javascript:alert(1)", "JavaScript://%0aalert(1)", "https://a b", "https://")
    ),
    Scenario(
        "an address of another kind",
        {"remote_url": "ssh://git.example.com/x", "title": "x"},
        [],
        [("x", "ssh://git.example.com/x")],
    ),
    Scenario("an empty URL", {"remote_url": "", "title": "x"}, fails="remote_url is empty"),
    Scenario("a global id that is too long", {**BUILD, "global_id": "x" * 256}, fails="256 characters"),
    Scenario("an id for a new one", {"id": "1", **BUILD}, fails="id is for state: absent"),
    Scenario("nothing asked", {"title": "x"}, fails="one of the following is required"),
    Scenario("no issue key", {**BUILD, "issue": "REL 1"}, fails="'REL 1' is no issue key"),
    Scenario("no such issue", {**BUILD, "issue": "REL-999"}, fails="REL-999"),
    Scenario("an invisible issue", {**BUILD, "issue": "HID-1"}, fails="HID-1"),
    Scenario("no permission", {**BUILD, "issue": "RO-1"}, fails="no Link Issues permission for RO-1"),
    Scenario(
        "no permission to change",
        {**BUILD, "title": "x"},
        [held(global_id=URL)],
        account="viewer",
        fails="no Link Issues",
    ),
    Scenario(
        "no permission to remove", {"remote_url": URL, **ABSENT}, [held()], account="viewer", fails="no Link Issues"
    ),
    Scenario("linking switched off", BUILD, fails="linking is switched off", prepare=no_linking),
    # whole sets
    Scenario(
        "set: made", several(BUILD, ALL | {"remote_url": OTHER}), after=[("Build 512", URL), ("Build 512", "build")]
    ),
    Scenario("set: nothing", several()),
    Scenario("set: said twice", several(BUILD, dict(BUILD)), after=[("Build 512", URL)]),
    Scenario(
        "set: there, changed, adopted and new",
        several(
            {"remote_url": OTHER, "global_id": "old", "title": "Old"},
            {"remote_url": f"{OTHER}4", "global_id": "older", "title": "Newer"},
            BUILD,
            {"remote_url": "https://new.example.com", "title": "New"},
        ),
        [OLD, OLDER, held("x")],
        [("Old", "old"), ("Newer", "older"), ("Build 512", URL), ("New", "https://new.example.com")],
    ),
    Scenario(
        "set: one adopted once",
        several(BUILD, {**BUILD, "global_id": "b", "title": "B"}),
        [held()],
        [("Build 512", URL), ("B", "b")],
    ),
    Scenario(
        "exact: within the applications of the list",
        several(CI, **EXACT),
        [OLD, NOT_MINE, NEITHER, OLDER],
        [("Page", "page"), ("Note", None), ("Build 512", URL)],
    ),
    Scenario("exact: no application named", several(BUILD, **EXACT), [OLD, NEITHER], fails="give scope.application"),
    Scenario(
        "exact: links without an application are never others",
        several(CI, {**BUILD, "remote_url": OTHER, "global_id": "other"}, **EXACT),
        [NEITHER],
        [("Build 512", "other"), ("Build 512", URL), ("Note", None)],
    ),
    Scenario(
        "exact: an application",
        several(BUILD, scope={"application": "Wiki"}, **EXACT),
        [OLD, NOT_MINE, NEITHER],
        [("Old", "old"), ("Note", None), ("Build 512", URL)],
    ),
    Scenario("exact: none at all", several(scope={"application": "CI"}, **EXACT), [OLD, NOT_MINE], [("Page", "page")]),
    Scenario(
        "exact: what is kept has its application",
        several({"global_id": "old"}, **EXACT),
        [OLD, OLDER, NEITHER],
        [("Old", "old"), ("Note", None)],
    ),
    Scenario("exact: no cap", several(scope={"application": "CI"}, max_removals=-1, **EXACT), [OLD, OLDER], []),
    Scenario(
        "exact: too many",
        several(CI, max_removals=1, **EXACT),
        [OLD, OLDER],
        fails=f"max_removals is 1, and 2 remote links would be removed: 'REL-1 links to Old ({OTHER})' and",
    ),
    Scenario("exact: no links and no scope", several(**EXACT), fails="give scope.application"),
    Scenario(
        "exact: an empty scope", several(CI, scope={"application": " "}, **EXACT), fails="scope.application is empty"
    ),
    Scenario("set: a scope for nothing", several(CI, scope={"application": "CI"}), fails="scope is for state: exact"),
    Scenario("set: a cap that is none", several(CI, max_removals=-2), fails="max_removals has to be"),
    Scenario("set: no such issue", several(BUILD, issue="REL-999"), fails="REL-999"),
    Scenario("set: linking switched off", several(BUILD), fails="linking is switched off", prepare=no_linking),
]
