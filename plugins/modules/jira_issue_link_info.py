#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_issue_link_info
short_description: List the links of Jira issues
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Lists the issue links of some issues, of the issues that a query finds, or one link by its id.
  - Reads a hundred issues in one request.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.info
  - linkops.jira.connection
options:
  issues:
    description: The issues whose links are listed, by key or id.
    type: list
    elements: str
  link_id:
    description: The id of the one link to list.
    type: str
  jql:
    description:
      - A query; the links of all issues that it finds are listed.
      - Jira Cloud refuses a query without any restriction. Its search may lag a few seconds behind.
    type: str
  link_types:
    description: List only links of these types, each by its exact name or by its id.
    type: list
    elements: str
  phrase:
    description:
      - List only links that this phrase says of one of the issues asked for. With V(is blocked by), what blocks them.
      - One of the phrases of the site's link types. Case and surrounding space do not matter.
    type: str
  fail_on_missing:
    description: Whether an issue or link that Jira does not show is an error. Otherwise it is listed in C(missing).
    type: bool
    default: true
seealso:
  - module: linkops.jira.jira_issue_link
"""

EXAMPLES = r"""
- name: What blocks the release; url and credentials come from the environment
  linkops.jira.jira_issue_link_info:
    issues: [REL-1]
    phrase: is blocked by
  register: blockers

- name: Say it
  ansible.builtin.debug:
    msg: "{{ blockers.links | map(attribute='sentence') }}"

- name: Every link of a project's open issues
  linkops.jira.jira_issue_link_info:
    jql: project = REL AND statusCategory != Done
    link_types: [Blocks, Relates]
"""

RETURN = r"""
links:
  description: The links, each once however many of its ends were asked for, by ascending id.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The id of the link.
      type: str
      returned: always
    link_type:
      description: The name of its type.
      type: str
      returned: always
    link_type_id:
      description: The id of its type.
      type: str
      returned: always
    inward_issue:
      description: The current key of the issue that the link comes from.
      type: str
      returned: always
    outward_issue:
      description: The current key of the issue that the link goes to.
      type: str
      returned: always
    sentence:
      description: The link in words.
      type: str
      returned: always
      sample: APP-7 blocks REL-1
issues:
  description:
    - The issues asked for and those they are linked with, as far as Jira shows them, by their current keys.
  returned: always
  type: dict
  sample:
    REL-1:
      id: "10000"
      summary: Release 1.0
      status: In Progress
      status_category: In Progress
      issue_type: Task
missing:
  description: What was asked for and Jira does not show, as it was asked for.
  returned: always
  type: list
  elements: str
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..module_utils._api import LINKS, Jira
from ..module_utils._errors import JiraError, NotFound
from ..module_utils._model import (
    Issue,
    IssueLink,
    LinkType,
    issue_key,
    refuse_empty,
    resolve_type,
    types_for_phrase,
)
from ..module_utils._module import run_module
from ..module_utils._text import listed

FIELDS = ("summary", "status", "issuetype", *LINKS)

ARGUMENT_SPEC: dict[str, Any] = {
    "issues": {"type": "list", "elements": "str"},
    "link_id": {"type": "str"},
    "jql": {"type": "str"},
    "link_types": {"type": "list", "elements": "str"},
    "phrase": {"type": "str"},
    "fail_on_missing": {"type": "bool", "default": True},
}
CONSTRAINTS: dict[str, Any] = {
    "mutually_exclusive": [("issues", "link_id", "jql")],
    "required_one_of": [("issues", "link_id", "jql")],
}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> dict[str, Any]:
    """Read links. Check mode is no different."""
    refuse_empty(params, "link_id", "jql", "phrase")
    wanted = _filter(params, jira)
    read, links, missing = _read(params, jira)
    asked = {issue.key for issue in read}
    shown = {link.id: link for link in links if wanted(link, asked)}
    ends = (end for link in shown.values() for end in (link.inward, link.outward))
    issues = {issue.key: issue for issue in (*ends, *read)}
    return {
        "changed": False,
        "links": [link.to_result() for link in sorted(shown.values(), key=lambda link: int(link.id or 0))],
        "issues": {key: issues[key].to_result() for key in sorted(issues)},
        "missing": missing,
    }


def _read(params: Mapping[str, Any], jira: Jira) -> tuple[list[Issue], Iterable[IssueLink], list[str]]:
    """The issues asked for, their links, and what Jira does not show."""
    if params["link_id"]:
        link = jira.link(params["link_id"])
        if link:
            return [link.inward, link.outward], [link], []
        if params["fail_on_missing"]:
            raise NotFound(f"Jira does not show issue link {params['link_id']}. {NotFound.advice}")
        return [], [], [params["link_id"]]
    if params["jql"]:
        found, missing = list(jira.search(params["jql"], FIELDS)), []
    else:
        keys = [issue_key(text) for text in params["issues"]]
        by_key = jira.issues(keys, FIELDS)
        found, missing = list(by_key.values()), [key for key in dict.fromkeys(keys) if key not in by_key]
    if missing and params["fail_on_missing"]:
        raise _not_shown(missing, jira)
    return [each.issue for each in found], (link for each in found for link in each.links), missing


def _not_shown(missing: list[str], jira: Jira) -> JiraError:
    """The error for issues that a list silently left out: the first is asked for alone, so that Jira says why."""
    try:
        jira.issue(missing[0])
    except NotFound as error:
        failure = error.explained(f"Jira does not show {listed(missing)}. {NotFound.advice}")
        failure.done = {"missing": missing}
        return failure
    return NotFound(f"Jira did not show {listed(missing)} at first, but does now. Run it again.")


def _filter(params: Mapping[str, Any], jira: Jira) -> Callable[[IssueLink, set[str]], bool]:
    """A test for links, given the keys of the issues asked for. Link types are read only if they are needed.

    :raises InputError: the site has no such type or phrase.
    """
    references, phrase = params["link_types"], params["phrase"]
    kinds = references and {resolve_type(jira.link_types, LinkType.from_reference(text)).id for text in references}
    fitting = phrase and [(kind.id, forward) for kind, forward in types_for_phrase(jira.link_types, phrase)]

    def wanted(link: IssueLink, asked: set[str]) -> bool:
        if kinds and link.type.id not in kinds:
            return False
        ways = [(True, link.inward.key), (link.type.symmetric, link.outward.key), (False, link.outward.key)]
        return not fitting or any((link.type.id, forward) in fitting and key in asked for forward, key in ways)

    return wanted


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
