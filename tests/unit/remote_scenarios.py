# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remote links that are there, tasks, and what is there in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.linkops.jira.plugins.module_utils._model.remote_link import global_id_of
from ansible_collections.linkops.jira.plugins.modules import jira_remote_link, jira_remote_links

from tests.unit.scenario import Scenario, no_linking

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


def asked(
    name: str,
    options: Mapping[str, Any],
    before: Sequence[Json] = (),
    after: Sequence[tuple[str, str | None]] = (),
    **more: Any,
) -> Scenario:
    module = jira_remote_links if "links" in options else jira_remote_link
    options = {"issue": "REL-1", **options}
    return Scenario(name, module, options, remote_links=before, remote_links_after=after, **more)


def several(*links: Json, **options: Any) -> Json:
    return {"links": list(links), **options}


EXACT: Json = {"state": "exact"}
LONG = f"https://ci.example.com/{'x' * 300}"
NOT_MINE, NEITHER = held("Page", "https://wiki.example.com/1", "page", "Wiki"), held("Note", "https://n.example.com")
OLD, OLDER = held("Old", OTHER, "old", "CI"), held("Older", f"{OTHER}4", "older", "CI")
CI: Json = {**BUILD, "application": {"name": "CI"}}
SCENARIOS = [
    asked("made", BUILD, after=[("Build 512", URL)]),
    asked("made with all there is", ALL, after=[("Build 512", "build")]),
    asked("made, with a key in small letters", {**BUILD, "issue": " rel-1 "}, after=[("Build 512", URL)]),
    asked("made, not resolved", {**BUILD, "resolved": False}, after=[("Build 512", URL)]),
    asked("made, with a long URL", {**BUILD, "remote_url": LONG}, after=[("Build 512", global_id_of(LONG))]),
    asked(
        "made beside one that is somebody else's",
        BUILD,
        [held(global_id="x")],
        [("Build 512", "x"), ("Build 512", URL)],
    ),
    asked("there", BUILD, [held(global_id=URL)], [("Build 512", URL)]),
    asked("there, whoever asks", BUILD, [held(global_id=URL)], [("Build 512", URL)], account="viewer"),
    asked("there, by its URL alone", {"remote_url": URL}, [held(global_id=URL)], [("Build 512", URL)]),
    asked("there, by its global id alone", {"global_id": "build"}, [held(global_id="build")], [("Build 512", "build")]),
    asked("adopted", BUILD, [held()], [("Build 512", URL)]),
    asked("adopted under a global id", {**BUILD, "global_id": "build"}, [held("Old")], [("Build 512", "build")]),
    asked(
        "not adopted where the global id is there",
        BUILD,
        [held("A"), held("B", OTHER, URL)],
        [("A", None), ("Build 512", URL)],
    ),
    asked("another title", {**BUILD, "title": "New"}, [held(global_id=URL)], [("New", URL)]),
    asked("another URL", {**BUILD, "global_id": "build"}, [held("Old", OTHER, "build")], [("Build 512", "build")]),
    asked(
        "a value taken away",
        {**BUILD, "relationship": ""},
        [{**held(global_id=URL), "relationship": "r"}],
        [("Build 512", URL)],
    ),
    asked(
        "removed by global id", {"global_id": "build", **ABSENT}, [held(global_id="build"), NEITHER], [("Note", None)]
    ),
    asked("removed by URL", {"remote_url": URL, **ABSENT}, [held(), held(global_id="x"), NEITHER], [("Note", None)]),
    asked("removed by id", {"id": "10000", **ABSENT}, [held()], []),
    asked(
        "removed as it was declared",
        {**ALL, **ABSENT},
        [held(), held(global_id="build"), held(global_id="x")],
        [("Build 512", "x")],
    ),
    asked("not there to remove", {"remote_url": URL, **ABSENT}, [NEITHER], [("Note", None)]),
    asked("not there to remove by id", {"id": "7", **ABSENT}, account="viewer"),
    asked("no issue to remove it from", {"issue": "REL-999", "remote_url": URL, **ABSENT}),
    asked("no title", {"remote_url": URL}, fails="title is needed"),
    asked("no URL and no title", {"global_id": "build"}, fails="remote_url and title is needed"),
    asked("an empty title", {"remote_url": URL, "title": " "}, [held(global_id=URL)], fails="title is empty"),
    *(
        asked(f"no address: {text}", {"remote_url": text, "title": "x"}, fails="is no address")
        for text in ("ci.example.com/2", "javascript:alert(1)", "JavaScript://%0aalert(1)", "https://a b", "https://")
    ),
    asked(
        "an address of another kind",
        {"remote_url": "ssh://git.example.com/x", "title": "x"},
        [],
        [("x", "ssh://git.example.com/x")],
    ),
    asked("an empty URL", {"remote_url": "", "title": "x"}, fails="remote_url is empty"),
    asked("a global id that is too long", {**BUILD, "global_id": "x" * 256}, fails="256 characters"),
    asked("an id for a new one", {"id": "1", **BUILD}, fails="id is for state: absent"),
    asked("nothing asked", {"title": "x"}, fails="one of the following is required"),
    asked("no issue key", {**BUILD, "issue": "REL 1"}, fails="'REL 1' is no issue key"),
    asked("no such issue", {**BUILD, "issue": "REL-999"}, fails="REL-999"),
    asked("an invisible issue", {**BUILD, "issue": "HID-1"}, fails="HID-1"),
    asked(
        "no permission",
        {**BUILD, "issue": "RO-1"},
        fails="no Link Issues permission for RO-1",
        fact=("no permission to write remote links", "403 where issue links answer 401"),
    ),
    asked(
        "no permission to change",
        {**BUILD, "title": "x"},
        [held(global_id=URL)],
        account="viewer",
        fails="no Link Issues",
    ),
    asked("no permission to remove", {"remote_url": URL, **ABSENT}, [held()], account="viewer", fails="no Link Issues"),
    asked(
        "linking switched off",
        BUILD,
        fails="linking is switched off",
        prepare=no_linking,
        fact=("linking switched off",),
    ),
    # whole sets
    asked("set: made", several(BUILD, ALL | {"remote_url": OTHER}), after=[("Build 512", URL), ("Build 512", "build")]),
    asked("set: nothing", several()),
    asked("set: said twice", several(BUILD, dict(BUILD)), after=[("Build 512", URL)]),
    asked(
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
    asked(
        "set: one adopted once",
        several(BUILD, {**BUILD, "global_id": "b", "title": "B"}),
        [held()],
        [("Build 512", URL), ("B", "b")],
    ),
    asked(
        "exact: within the applications of the list",
        several(CI, **EXACT),
        [OLD, NOT_MINE, NEITHER, OLDER],
        [("Page", "page"), ("Note", None), ("Build 512", URL)],
    ),
    asked("exact: no application named", several(BUILD, **EXACT), [OLD, NEITHER], fails="give scope.application"),
    asked(
        "exact: links without an application are never others",
        several(CI, {**BUILD, "remote_url": OTHER, "global_id": "other"}, **EXACT),
        [NEITHER],
        [("Build 512", "other"), ("Build 512", URL), ("Note", None)],
    ),
    asked(
        "exact: an application",
        several(BUILD, scope={"application": "Wiki"}, **EXACT),
        [OLD, NOT_MINE, NEITHER],
        [("Old", "old"), ("Note", None), ("Build 512", URL)],
    ),
    asked("exact: none at all", several(scope={"application": "CI"}, **EXACT), [OLD, NOT_MINE], [("Page", "page")]),
    asked(
        "exact: an application that the task does not name",  # although what is kept has it in Jira
        several({"global_id": "old"}, **EXACT),
        [OLD, OLDER, NEITHER],
        fails="give scope.application",
    ),
    asked(
        "exact: only the applications that the task names",
        several({"global_id": "old"}, {**CI, "application": {"name": "Wiki"}}, **EXACT),
        [OLD, OLDER, NEITHER],
        [("Old", "old"), ("Older", "older"), ("Note", None), ("Build 512", URL)],
    ),
    asked("exact: no cap", several(scope={"application": "CI"}, max_removals=-1, **EXACT), [OLD, OLDER], []),
    asked(
        "exact: too many",
        several(CI, max_removals=1, **EXACT),
        [OLD, OLDER],
        fails=f"max_removals is 1, and 2 remote links would be removed: 'REL-1 links to Old ({OTHER})' and",
    ),
    asked("exact: no links and no scope", several(**EXACT), fails="give scope.application"),
    asked(
        "exact: an empty scope", several(CI, scope={"application": " "}, **EXACT), fails="scope.application is empty"
    ),
    asked("set: a scope for nothing", several(CI, scope={"application": "CI"}), fails="scope is for state: exact"),
    asked("set: a cap that is none", several(CI, max_removals=-2), fails="max_removals has to be"),
    asked("set: no such issue", several(BUILD, issue="REL-999"), fails="REL-999"),
    asked("set: linking switched off", several(BUILD), fails="linking is switched off", prepare=no_linking),
]
