#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_issue_link_info
short_description: List the links of Jira issues, and follow them
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Lists the issue links of some issues, of the issues that a query finds, or one link by its id.
  - Follows the links to other issues, as far as wanted. Cycles do no harm.
  - Reads a hundred issues in one request.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.info
  - linkops.jira.connection
options:
  issues:
    description:
      - The issues whose links are listed, by key or id, or by the address of their page in a browser.
      - An empty list has no links.
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
        With O(depth), only such links are followed, and so on.
      - One of the phrases of the site's link types. Case and surrounding space do not matter.
    type: str
  direction:
    description:
      - V(outward) lists, and follows, only links in which the issue is the inward one, so that they lead to an outward
        issue (what it blocks). V(inward) only those that lead to an inward issue (what it is blocked by).
      - For types that read the same from both ends, every direction counts.
    type: str
    choices: [inward, outward, both]
    default: both
  depth:
    description:
      - How many steps to follow the links. V(0) lists the links of the issues asked for, V(1) also those of the issues
        that these lead to, and so on. V(-1) follows them to their ends.
    type: int
    default: 0
  max_issues:
    description: How many issues to read at most. If there are more, the task fails.
    type: int
    default: 5000
  declared:
    description:
      - Whether to return RV(declared), the links in the form that M(linkops.jira.jira_issue_links) takes.
    type: bool
    default: false
  fail_on_missing:
    description: Whether an issue or link that Jira does not show is an error. Otherwise it is listed in RV(missing).
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

- name: Everything that stands in the way of the release, to the end of every chain
  linkops.jira.jira_issue_link_info:
    issues: [REL-1]
    phrase: is blocked by
    depth: -1

- name: The links of a project as they can be declared
  linkops.jira.jira_issue_link_info:
    jql: project = REL
    declared: true
  register: existing

- name: Declare them, which changes nothing
  linkops.jira.jira_issue_links:
    links: "{{ existing.declared }}"

- name: Every link of a project's open issues
  linkops.jira.jira_issue_link_info:
    jql: project = REL AND statusCategory != Done
    link_types: [Blocks, Relates]
"""

RETURN = r"""
links:
  description: The links, each once however many of its ends were asked for, by ascending id.
  returned: success
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
    inward:
      description: The type's inward phrase, which is what the outward issue says of the inward one.
      type: str
      returned: always
    outward:
      description: The type's outward phrase, which is what the inward issue says of the outward one.
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
  returned: success
  type: dict
  sample:
    REL-1:
      id: "10000"
      summary: Release 1.0
      status: In Progress
      status_category: In Progress
      issue_type: Task
asked:
  description:
    - The current key of each issue that was asked for, by the key or id that it was asked for, in capitals. They differ
      where an issue has moved to another project.
    - With O(jql), the issues that the query found.
  returned: success
  type: dict
  sample: {OLD-1: REL-1}
declared:
  description:
    - The links as elements of O(linkops.jira.jira_issue_links#module:links). Declaring them changes nothing.
    - A link is a sentence where that says it all, and else, as where link types share a phrase, said by its type.
  returned: if O(declared=true)
  type: list
  elements: dict
  sample:
    - {sentence: APP-7 blocks REL-1}
missing:
  description: What was asked for and Jira does not show, as it was asked for.
  returned: success
  type: list
  elements: str
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count, islice
from typing import Any, NamedTuple

from ..module_utils._apply.reader import Reader, refuse_moved
from ..module_utils._client.errors import Incomplete, JiraError, NotFound
from ..module_utils._client.jira import LINKS, Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._model.declared import declared
from ..module_utils._model.link import IssueLink, LinkType, as_typed
from ..module_utils._model.options import (
    InputError,
    issue_key,
    resolve_type,
    type_reference,
    types_for_phrase,
)
from ..module_utils._module import Result, run_module
from ..module_utils._text import folded, listed

FIELDS = ("summary", "status", "issuetype", *LINKS)

ARGUMENT_SPEC: dict[str, Any] = {
    "issues": {"type": "list", "elements": "str"},
    "link_id": {"type": "str"},
    "jql": {"type": "str"},
    "link_types": {"type": "list", "elements": "str"},
    "phrase": {"type": "str"},
    "direction": {"type": "str", "choices": ["inward", "outward", "both"], "default": "both"},
    "depth": {"type": "int", "default": 0},
    "max_issues": {"type": "int", "default": 5000},
    "declared": {"type": "bool", "default": False},
    "fail_on_missing": {"type": "bool", "default": True},
}
CONSTRAINTS: dict[str, Any] = {
    "mutually_exclusive": [("issues", "link_id", "jql")],
    "required_one_of": [("issues", "link_id", "jql")],
}

Filter = Callable[[IssueLink, str], bool]
"""Whether a link is wanted, seen from the issue with that key."""


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Read links. Check mode is no different."""
    if params["depth"] < -1:
        raise InputError("depth has to be -1 (to the ends) or more.")
    if not 1 <= params["max_issues"] < sys.maxsize:
        raise InputError("max_issues has to be 1 or more.")
    wanted = _filter(params, jira)
    reader = Reader(jira, FIELDS)
    if params["link_id"]:
        asked, links = _find_link(params, jira, wanted)
    else:
        asked, links = _find_issues(params, jira, reader), []
        if jira.http.anonymous:
            jira.warn("Nobody is logged in, so there may be more links than Jira shows.")
    if asked.missing and params["fail_on_missing"]:
        return Outcome({"missing": asked.missing}, _not_shown(asked.missing, params, jira))
    if not params["link_id"]:
        links = _follow(reader, wanted, params["depth"], params["max_issues"], jira)
        refuse_moved(reader.read.values())
    return Outcome(_report(links, reader, asked, jira.read_link_types() if params["declared"] else None))


class Asked(NamedTuple):
    """What was asked for, by current key, and what Jira does not show of it."""

    keys: dict[str, str]
    missing: list[str]


def _report(links: Iterable[IssueLink], reader: Reader, asked: Asked, types: Sequence[LinkType] | None) -> Result:
    """The result.

    :param types: the site's link types, where the links are to be declared.
    """
    links = sorted(links, key=lambda link: (len(link.id or ""), link.id or ""))  # as numbers, whatever they are
    ends = (end for link in links for end in link.ends)
    issues = {issue.key: issue for issue in (*ends, *(each.issue for each in reader.read.values()))}
    return {
        "changed": False,
        "links": [link.to_result() for link in links],
        "issues": {key: issues[key].to_result() for key in sorted(issues)},
        "asked": asked.keys,
        "missing": asked.missing,
        **({"declared": [declared(link, types) for link in links]} if types is not None else {}),
    }


def _find_link(params: Mapping[str, Any], jira: Jira, wanted: Filter) -> tuple[Asked, list[IssueLink]]:
    """The one link of that id, as far as it is wanted."""
    if params["depth"]:
        raise InputError("depth is for issues and jql. A single link leads nowhere.")
    link_id = params["link_id"].strip()
    link = jira.link(link_id)
    if not link:
        return Asked({}, [link_id]), []
    return Asked({}, []), [link] if any(wanted(link, key) for key in link.keys) else []


def _find_issues(params: Mapping[str, Any], jira: Jira, reader: Reader) -> Asked:
    """Read the issues asked for."""
    if params["jql"]:
        reader.add(islice(jira.search(params["jql"], FIELDS, strict=True), params["max_issues"] + 1))
        return Asked({key: key for key in reader.read}, [])
    keys = list(dict.fromkeys(issue_key(text, params["url"]) for text in params["issues"]))
    reader.read_issues(keys)
    jira.prove_login()  # whoever is not logged in sees only some of the links
    shown = {str(key): issue.key for key in keys if (issue := reader.issue(key))}
    return Asked(shown, [as_typed(key) for key in keys if key not in shown])


def _not_shown(missing: Sequence[str], params: Mapping[str, Any], jira: Jira) -> JiraError:
    """The error for what Jira does not show. The first issue is asked for alone, so that Jira says why."""
    if params["link_id"]:
        return NotFound(f"Jira does not show issue link {missing[0]}. {NotFound.advice}")
    try:
        jira.issue(missing[0])
    except NotFound as error:
        return error.explained(f"Jira does not show {listed(missing)}. {NotFound.advice}")
    return NotFound(f"Jira did not show {listed(missing)} at first, but does now. Run it again.")


def _follow(reader: Reader, wanted: Filter, depth: int, max_issues: int, jira: Jira) -> list[IssueLink]:
    """The wanted links of the issues read so far and, step by step, of those that they lead to."""
    met: dict[str | None, IssueLink] = {}
    here = list(reader.read)
    for step in count():
        _check_size(len(reader.read), max_issues)
        found = [link for key in here for link in reader.read[key].links if wanted(link, key)]
        met.update({link.id: link for link in found})
        beyond = {key: None for link in found for key in link.keys if key not in reader.read}
        if step == depth or not beyond:
            break
        _check_size(len(reader.read) + len(beyond), max_issues)
        reader.read_issues(beyond)
        here = [key for key in beyond if key in reader.read]
        hidden = [key for key in beyond if not reader.issue(key)]
        if hidden:
            jira.warn(f"Jira does not show {listed(hidden)}, so what lies beyond is not known. {NotFound.advice}")
    return list(met.values())


def _check_size(issues: int, max_issues: int) -> None:
    """Refuse to read more issues than ``max_issues``: a part of them would not be the truth.

    :raises InputError: there are more.
    """
    if issues > max_issues:
        raise InputError(f"There are more than {max_issues:,} issues to read. Ask for less, or raise max_issues.")


def _filter(params: Mapping[str, Any], jira: Jira) -> Filter:
    """A function that tells whether a link is wanted. Link types are read only if they are needed.

    :raises InputError: the site has no such type or phrase.
    """
    references, phrase, direction = params["link_types"], params["phrase"], params["direction"]
    wanted_types = [
        resolve_type(jira.read_link_types(), type_reference(text), "phrase takes one.") for text in references or ()
    ]
    link_types = {link_type.id for link_type in wanted_types}
    readings = types_for_phrase(jira.read_link_types(), phrase) if phrase else []
    fitting = {(reading.link_type.id, reading.outward) for reading in readings}

    def wanted(link: IssueLink, here: str) -> bool:
        ways = [True, False] if link.type.symmetric else [here == link.inward.key]  # True: it leads outward
        by_type = not link_types or link.type.id in link_types
        by_direction = direction == "both" or (direction == "outward") in ways
        by_phrase = not fitting or any((link.type.id, way) in fitting for way in ways)
        if fitting and by_phrase and folded(phrase) not in map(folded, link.type.phrases):
            raise Incomplete(f"The link type {link.type} was changed while its links were read. Run it again.")
        return by_type and by_direction and by_phrase

    return wanted


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
