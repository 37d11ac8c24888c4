# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a blank means to the lookup and to the filters: as test_blanks.py says it of modules.

The options come from the documentation of each plugin.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError, AnsibleFilterError
from ansible_collections.linkops.jira.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.linkops.jira.plugins.lookup import jira_issue_links

from tests.local_jira import CHECKOUT, LocalJira
from tests.unit.test_blanks import BLANKS, PLUGINS, names
from tests.unit.test_lookup import look_up

LINK = {"link_type": "Blocks", "inward": "is blocked by", "outward": "blocks"}
LINKS = [{**LINK, "inward_issue": "APP-7", "outward_issue": "REL-1"}]
ISSUES = {"REL-1": {"status": "Open"}, "APP-7": {"status": "Open"}}
CSV = "issue,phrase,linked_issue\nREL-1,blocks,APP-7"
FILTERS: dict[str, dict[str, Any]] = {  # the options that are needed
    "escape_html": {"_input": "text"},
    "escape_markdown": {"_input": "text"},
    "link_graph": {"_input": LINKS},
    "link_order": {"_input": LINKS},
    "links_from_csv": {"_input": CSV},
    "links_from_sentences": {"_input": ["REL-1 blocks APP-7"]},
    "open_blockers": {"_input": LINKS, "of": "REL-1", "issues": ISSUES},
}
ANYTHING = "Null is an empty text, and anything else the text that Python makes of it."
MEANS = {
    "escape_html _input": ANYTHING,
    "escape_markdown _input": ANYTHING,
    "link_graph _input": "An empty list makes a picture of nothing.",
    "link_order _input": "An empty list has no waves but that of O(issues).",
    "links_from_sentences _input": "An empty list names no links.",
    "open_blockers _input": "An empty list has no blockers.",
}
KEPT_OUT = 'An option that is set to V("") keeps its variable out.'
LOOKUP_MEANS = {
    "_terms": "An empty list has no links.",
    **dict.fromkeys(("username", "password", "token", "client_id", "client_secret", "cloud_id"), KEPT_OUT),
}


def documentation(kind: str, name: str) -> str:
    text: str = import_module(f"{PLUGINS}.{kind}.{name}").DOCUMENTATION
    return text


def options_of(name: str) -> list[str]:
    """The options of a filter."""
    return list(yaml.safe_load(documentation("filter", name))["options"])


def test_every_filter_is_tried() -> None:
    assert set(FILTERS) == {file.stem for file in (CHECKOUT / "plugins/filter").glob("[a-z]*.py")}


def filtered(name: str, options: dict[str, Any]) -> Any:
    """What the filter returns, or the error that it ends with."""
    more = {option: value for option, value in options.items() if option != "_input"}
    plugin = import_module(f"{PLUGINS}.filter.{name}").FilterModule().filters()[name]
    try:
        return plugin(options["_input"], **more)
    except AnsibleFilterError as error:
        return error


@pytest.mark.parametrize("name", MEANS)
def test_what_a_blank_of_a_filter_means_is_documented(name: str) -> None:
    assert MEANS[name] in " ".join(documentation("filter", name.partition(" ")[0]).split())


@pytest.mark.parametrize(("name", "option"), [(name, option) for name in FILTERS for option in options_of(name)])
def test_a_blank_of_a_filter(name: str, option: str) -> None:
    for blank in BLANKS:
        result = filtered(name, {**FILTERS[name], option: blank})
        if isinstance(result, AnsibleFilterError):
            wanted = {"links_from_csv": "CSV text"}.get(name, "links") if option == "_input" else option
            assert wanted in str(result) if option == "_input" else names(str(result), wanted), (blank, str(result))
        elif f"{name} {option}" not in MEANS:
            left_out = {each: value for each, value in FILTERS[name].items() if each != option}
            assert result == filtered(name, left_out), blank


def test_what_a_blank_of_the_lookup_means_is_documented() -> None:
    text = " ".join((jira_issue_links.DOCUMENTATION + ModuleDocFragment.DOCUMENTATION).split())
    assert all(sentence in text for sentence in LOOKUP_MEANS.values())


LOOKUP_OPTIONS = {
    **yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"],
    **yaml.safe_load(jira_issue_links.DOCUMENTATION)["options"],
}


def looked_up(terms: list[Any], **options: Any) -> Any:
    """What the lookup returns, or the error that it ends with."""
    try:
        return look_up(*terms, **options)
    except AnsibleError as error:
        return error


@pytest.mark.parametrize("place", ["option", "variable"])
@pytest.mark.parametrize("option", [name for name in LOOKUP_OPTIONS if name != "_terms"])
def test_a_blank_of_the_lookup(option: str, place: str, cloud: LocalJira) -> None:
    cloud.reset([("APP-7", "Blocks", "REL-1")])
    login = {name: value for name, value in cloud.login().items() if name != option}
    if place == "variable" and "vars" not in LOOKUP_OPTIONS[option]:
        return
    for blank in BLANKS:
        options: dict[str, Any] = (
            {option: blank} if place == "option" else {"variables": {f"linkops_jira_{option}": blank}}
        )
        result, left_out = looked_up(["REL-1"], **login, **options), looked_up(["REL-1"], **login)
        if isinstance(result, AnsibleError):
            assert names(str(result), option) or str(result) == str(left_out), (blank, str(result))
        elif option not in LOOKUP_MEANS:
            assert result == left_out, blank


def test_a_blank_term(cloud: LocalJira) -> None:
    for blank in BLANKS:
        for terms in ([blank], ["REL-1", blank]):
            result = looked_up(terms, **cloud.login())
            if blank == []:
                assert result == looked_up(["REL-1"], **cloud.login()) == []
            else:
                assert isinstance(result, AnsibleError) and names(str(result), "issues"), (blank, result)
