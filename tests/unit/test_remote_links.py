# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""jira_remote_link, jira_remote_links and their info: found again, merged, adopted, removed within a scope."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pytest
import yaml
from ansible_collections.linkops.jira.plugins.module_utils._model.remote_link import (
    LONGEST_GLOBAL_ID,
    RemoteLink,
    asked_remote_link,
    global_id_of,
)
from ansible_collections.linkops.jira.plugins.modules import (
    jira_remote_link,
    jira_remote_link_info,
    jira_remote_links,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.local_jira import LocalJira
from tests.unit.remote_scenarios import (
    ABSENT,
    ALL,
    BUILD,
    EXACT,
    IN_FULL,
    LONG,
    NEITHER,
    NOT_MINE,
    OLD,
    OTHER,
    PATH,
    URL,
    Json,
    held,
)
from tests.unit.scenario import no_linking
from tests.unit.tasks import Tasks
from tests.unit.test_main import assert_documented


def there(site: LocalJira) -> list[tuple[str, str | None]]:
    return [(each["object"]["title"], each["globalId"]) for each in site.state()["remote_links"]]


def bodies(site: LocalJira) -> list[Json]:
    """What Jira holds, without what is null."""
    links = site.state()["remote_links"]
    return [{name: value for name, value in link.items() if name not in ("id", "issue") and value} for link in links]


def one(task: Tasks, site: LocalJira, check: bool = False, **options: Any) -> Json:
    return task(jira_remote_link, site, check, **{"issue": "REL-1", **options}).result


def many(task: Tasks, site: LocalJira, links: Sequence[Json], check: bool = False, **options: Any) -> Json:
    return task(jira_remote_links, site, check, **{"issue": "REL-1", "links": links, **options}).result


# --- what is sent, and what is kept


def test_every_option_has_its_place(site: LocalJira, task: Tasks) -> None:
    result = one(task, site, **ALL)
    assert bodies(site) == [IN_FULL]
    assert {name: result["remote_link"][name] for name in ALL} == ALL
    assert result["remote_link"]["sentence"] == f"REL-1 built by Build 512 ({URL})"


def test_what_is_not_given_keeps_its_value(site: LocalJira, task: Tasks) -> None:
    """Jira nulls what is not sent; what this collection has no option for is sent back, too."""
    more = {
        **IN_FULL,
        "object": {**IN_FULL["object"], "status": {"resolved": True, "icon": {"link": "l", "title": "t"}}},
    }
    site.reset(remote_links=[{"issue": "REL-1", **more}])
    one(task, site, global_id="build", title="Build 512, red", summary="")
    kept = {**more["object"], "title": "Build 512, red"}
    del kept["summary"]
    assert bodies(site) == [{**more, "object": kept}]


@pytest.mark.fact(
    "not safe: remote link without a global id", "it always makes another, so none is made: the URL is the global id"
)
def test_a_second_run_finds_it_again(site: LocalJira, task: Tasks) -> None:
    for url in (URL, LONG, f"{LONG}y"):
        assert one(task, site, remote_url=url, title="x")["changed"]
        assert not one(task, site, remote_url=url, title="x")["changed"]
    assert len(there(site)) == 3


def test_diff_is_in_sentences(site: LocalJira, task: Tasks) -> None:
    site.reset(remote_links=[held(application="CI")])
    result = one(task, site, **BUILD, relationship="built by", resolved=True)
    assert result["diff"] == {
        "before": f"REL-1 links to Build 512 ({URL})\n  application.name: CI\n",
        "after": f"REL-1 built by Build 512 ({URL})\n  global_id: {URL}\n  application.name: CI\n  resolved: true\n",
    }


def test_hostile_text_is_fit_to_print(site: LocalJira, task: Tasks) -> None:
    site.reset(remote_links=[{**held("red\x1b[31m"), "relationship": "a\x07"}])
    result = one(task, site, remote_url=URL, summary="x\x1b[0m\ny")
    assert "\x1b" not in result["diff"]["before"] + result["diff"]["after"] and result["remote_link"]["summary"]


@pytest.mark.fact("safe to repeat: remote link with a global id", "POST is an upsert")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_no_answer_and_it_is_sent_again(site: LocalJira, task: Tasks, method: str) -> None:
    """With a global id a creation is an upsert, so to repeat it does no harm."""
    site.reset(remote_links=[] if method == "POST" else [held()])
    site.fault("break_after", method=method, path=PATH)
    options = {"remote_url": URL, **ABSENT} if method == "DELETE" else BUILD
    assert one(task, site, **options)["changed"]
    assert there(site) == ([] if method == "DELETE" else [("Build 512", URL)])
    assert len(site.writes()) == 2


@pytest.mark.fact("remote link refused", "400, the reason by field")
def test_jiras_own_words_for_what_only_jira_knows(site: LocalJira, task: Tasks) -> None:
    words = {"errorMessages": [], "errors": {"title": "'title' is required."}}
    site.fault("status", method="POST", path=PATH, status=400, body=words)
    result = one(task, site, **BUILD)
    assert result["status"] == 400 and f"'REL-1 links to Build 512 ({URL})'" in result["msg"]
    assert result["error_messages"] == ["title: 'title' is required."] and result["remote_link"] is None


@pytest.mark.fact("per-issue limit of remote links", "413, 2,000 on Cloud, permanent")
def test_an_issue_without_room(cloud: LocalJira, task: Tasks) -> None:
    cloud.reset(remote_links=[held(str(number), f"{URL}/{number}") for number in range(2000)])
    foretold, result = (one(task, cloud, check, **BUILD) for check in (True, False))
    assert "REL-1 has 2000 remote links and would get 1 more" in foretold["msg"]
    assert result["msg"].startswith(foretold["msg"]) and (foretold["status"], result["status"]) == (None, 413)
    assert task.pauses == [] and len(cloud.writes()) == 1
    assert one(task, cloud, remote_url=f"{URL}/7", title="Changed")["changed"]
    whole = many(task, cloud, [BUILD, {**BUILD, "remote_url": OTHER}])
    assert "would get 2 more" in whole["msg"] and len(cloud.writes()) == 2


@pytest.mark.fact("per-issue limit of remote links")
def test_data_center_has_no_such_limit(data_center: LocalJira, task: Tasks) -> None:
    data_center.reset(remote_links=[held(str(number), f"{URL}/{number}") for number in range(2000)])
    assert one(task, data_center, **BUILD)["changed"]


def test_an_address_without_a_jira(site: LocalJira, task: Tasks) -> None:
    """Removing what is not there succeeds, but nobody has looked there."""
    for state in ("present", "absent"):
        result = one(task, site, url=f"{site.url}/wiki", api_version="2", **BUILD, state=state)
        assert result["failed"] and "There is no Jira" in result["msg"]


# --- whole sets


def test_all_mistakes_at_once_and_nothing_written(site: LocalJira, task: Tasks) -> None:
    site.reset(remote_links=[held("Old", f"{URL}/{number}", f"old-{number}", "Old") for number in range(3)])
    links = [BUILD, {"remote_url": OTHER}, {"title": "x"}, {**BUILD, "title": "y"}, {**BUILD, "global_id": "z" * 300}]
    for check in (True, False):
        msg = many(task, site, links, check, max_removals=2, scope={"application": "Old"}, **EXACT)["msg"]
        assert msg.startswith("5 mistakes, and nothing was written. links[1]: There is no such remote link yet.")
        assert "links[2]: remote_url or global_id is needed" in msg
        assert "links[1]: There is no such remote link yet. To make it, title is needed as well." in msg
        assert f"links[3]: links[0] says otherwise of the remote link with the global id {URL!r}." in msg
        assert "links[4]: global_id has 300 characters" in msg and "max_removals is 2, and 3" in msg
    msg = many(task, site, [BUILD, {"remote_url": OTHER}], issue="RO-1")["msg"]
    assert "links[1]: " in msg and "no Link Issues permission for RO-1" in msg and site.writes() == []


def test_a_set_that_stops_says_how_far_it_came(site: LocalJira, task: Tasks) -> None:
    site.reset(remote_links=[held(global_id=URL), OLD])
    links = [BUILD, {"remote_url": f"{URL}/1", "title": "1"}, {"remote_url": OTHER, "global_id": "old", "title": "New"}]
    site.fault("status", method="PUT", path=PATH, status=400, body={"errorMessages": ["Not this."]})
    result = many(task, site, [*links, {"remote_url": f"{URL}/2", "title": "2"}, BUILD])
    assert result["failed"] and result["changed"] and "Not this." in result["msg"] and "again" in result["msg"]
    assert [link["status"] for link in result["remote_links"]] == ["present", "created", "failed", "not_tried"]
    assert "Not this." in result["remote_links"][2]["error"]
    assert not many(task, site, [*links, {"remote_url": f"{URL}/2", "title": "2"}]).get("failed")
    assert len(there(site)) == 4


@pytest.mark.fact("writes to one issue")
def test_a_set_is_written_at_the_pace_of_cloud(cloud: LocalJira, task: Tasks) -> None:
    cloud.settings(limits=True)
    links = [{"remote_url": f"{URL}/{number}", "title": str(number)} for number in range(22)]
    assert many(task, cloud, links)["changed"]
    assert len(there(cloud)) == 22 == len(cloud.writes()) and task.pauses == []


# --- info and documentation


def test_info(site: LocalJira, task: Tasks) -> None:
    site.reset(remote_links=[OLD, NOT_MINE, {**NEITHER, "issue": "APP-1"}])

    def titles(**options: Any) -> dict[str, list[str]]:
        found = task(jira_remote_link_info, site, **options).result["remote_links"]
        return {key: [link["title"] for link in links] for key, links in found.items()}

    assert titles(issues=["rel-1", "APP-1", "REL-1"]) == {"REL-1": ["Old", "Page"], "APP-1": ["Note"]}
    assert titles(issues=["REL-1"], application="CI") == {"REL-1": ["Old"]}
    assert titles(issues=["REL-1", "APP-1"], global_id="page") == {"REL-1": ["Page"], "APP-1": []}
    assert titles(issues=[]) == {}


@pytest.mark.fact("linking switched off")
def test_info_of_missing_issues(site: LocalJira, task: Tasks) -> None:
    asked = {"issues": ["REL-1", "REL-999", "HID-1"]}
    result = task(jira_remote_link_info, site, **asked, fail_on_missing=False).result
    assert (result["missing"], result["remote_links"]) == (["REL-999", "HID-1"], {"REL-1": []})
    failed = task(jira_remote_link_info, site, **asked).result
    assert failed["failed"] and failed["status"] == 404 and "REL-999" in failed["msg"]
    no_linking(site)
    assert "linking is switched off" in task(jira_remote_link_info, site, **asked, fail_on_missing=False).result["msg"]


def test_the_results_are_what_the_documentation_says(site: LocalJira, task: Tasks) -> None:
    def documented(module: Any) -> Json:
        return {"changed": {}, **yaml.safe_load(module.RETURN)}

    for options in (ALL, {**ALL, **ABSENT}):
        for check in (True, False):
            assert_documented(one(task, site, check, **options), documented(jira_remote_link))
    assert_documented(many(task, site, [BUILD]), documented(jira_remote_links))
    info = task(jira_remote_link_info, site, issues=["REL-1"]).result
    assert_documented(info, documented(jira_remote_link_info))
    (sample,) = documented(jira_remote_link_info)["remote_links"]["sample"]["REL-1"]
    assert sample.keys() == info["remote_links"]["REL-1"][0].keys()


# --- the rules, whatever the values

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).map(str.strip).filter(bool)
URLS = st.text("abc/é", min_size=1, max_size=400)
JIRAS = st.fixed_dictionaries(
    {"id": st.integers(1, 99), "object": st.fixed_dictionaries(
        {"url": TEXTS, "title": TEXTS},
        optional={
            "summary": st.none() | TEXTS,
            "icon": st.dictionaries(st.sampled_from(["url16x16", "title", "link"]), st.none() | TEXTS),
            "status": st.dictionaries(st.sampled_from(["icon"]), st.dictionaries(st.just("link"), TEXTS)),
            "extra": TEXTS,
        },
    )},
    optional={"self": TEXTS, "globalId": TEXTS, "relationship": st.none() | TEXTS,
              "application": st.dictionaries(st.sampled_from(["name", "type"]), TEXTS)},
)  # fmt: skip
GIVEN = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("title", "summary", "relationship", "icon_url", "application.name"), TEXTS)
)


@given(JIRAS, GIVEN)
def test_merging_changes_what_is_given_and_nothing_else(data: Json, values: dict[str, str]) -> None:
    before = RemoteLink.from_json(data)
    after = before.merged(values)
    places = {path: value for path, value in flat(after.body).items() if flat(before.body).get(path) != value}
    assert all(after.get(name) == value for name, value in values.items())
    assert set(places.values()) <= set(values.values()) and flat(before.body).keys() <= flat(after.body).keys()
    assert after.merged(values) == after and before.merged({}) == before
    assert "id" not in after.body and "self" not in after.body and None not in flat(after.body).values()


def flat(body: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    if not isinstance(body, dict):
        return {path: body}
    return {place: value for name, part in body.items() for place, value in flat(part, (*path, name)).items()}


@pytest.mark.fact("not safe: remote link without a global id")
@given(URLS, URLS)
def test_global_ids_fit_and_tell_urls_apart(one_url: str, other_url: str) -> None:
    global_id = global_id_of(one_url)
    assert len(global_id) <= LONGEST_GLOBAL_ID and (global_id == global_id_of(other_url)) == (one_url == other_url)
    if len(one_url) <= LONGEST_GLOBAL_ID:
        assert global_id == one_url
    else:
        assert global_id == f"{one_url[:190]}#{hashlib.sha256(one_url.encode()).hexdigest()}"
    options = dict.fromkeys(jira_remote_links.ARGUMENT_SPEC["links"]["options"])
    assert asked_remote_link({**options, "remote_url": f" {one_url} "})["global_id"] == global_id
