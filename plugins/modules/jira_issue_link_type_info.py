#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_issue_link_type_info
short_description: List the issue link types of a Jira site
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Lists all issue link types, or those that fit what is asked for. If several options are given, all have to fit.
  - That nothing fits is no error.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.info
  - linkops.jira.connection
options:
  name:
    description: The name of the type. Case and surrounding space do not matter.
    type: str
  id:
    description: The id of the type.
    type: str
  phrase:
    description: One of its phrases, such as V(is blocked by). Case and surrounding space do not matter.
    type: str
  usage:
    description:
      - Whether to count the links of each type. That takes two searches for each type, and one more request for each
        hundred issues that it finds.
      - Jira has no such list, so the numbers are those of the links that this account sees, and on Cloud a search is
        behind by seconds. There can be more.
    type: bool
    default: false
seealso:
  - module: linkops.jira.jira_issue_link_type
"""

EXAMPLES = r"""
- name: Which link types does the site have? url comes from the environment
  linkops.jira.jira_issue_link_type_info:
  register: site

- name: Say what they are called from the inward issue
  ansible.builtin.debug:
    msg: "{{ site.link_types | map(attribute='outward') }}"

- name: Which type reads "is blocked by"?
  linkops.jira.jira_issue_link_type_info:
    phrase: is blocked by

- name: Which types does nobody use?
  linkops.jira.jira_issue_link_type_info:
    usage: true
  register: types

- name: Say them
  ansible.builtin.debug:
    msg: "{{ types.link_types | rejectattr('issues') | map(attribute='name') }}"
"""

RETURN = r"""
link_types:
  description: The link types, in Jira's order.
  returned: success
  type: list
  elements: dict
  sample: [{id: "10000", name: Blocks, inward: is blocked by, outward: blocks}]
  contains:
    id:
      description: The id of the type.
      type: str
      returned: always
    name:
      description: Its name, as Jira spells it.
      type: str
      returned: always
    inward:
      description: The phrase from the outward issue to the inward one.
      type: str
      returned: always
    outward:
      description: The phrase from the inward issue to the outward one.
      type: str
      returned: always
    link_count:
      description: How many links of this type there are at least.
      type: int
      returned: if O(usage=true)
    issues:
      description:
        - The keys of the issues that have such links. Some may have only links that this account does not see.
        - Where the search cannot tell the type from another one that has the same name or phrase, issues that may have
          such links are here as well.
      type: list
      elements: str
      returned: if O(usage=true)
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._apply.link_type_usage import find_usage
from ..module_utils._client.jira import Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._model.link import LinkType
from ..module_utils._module import Result, run_module
from ..module_utils._text import folded

WORDS = ("name", "id", "phrase")
ARGUMENT_SPEC: dict[str, Any] = {
    **{word: {"type": "str"} for word in WORDS},
    "usage": {"type": "bool", "default": False},
}
CONSTRAINTS: dict[str, Any] = {}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Read link types. Check mode is no different."""
    found = [link_type for link_type in jira.reread_link_types() if _fits(link_type, params)]
    usage = _usage if params["usage"] else lambda link_type, jira: {}
    return Outcome(
        {"changed": False, "link_types": [{**link_type._asdict(), **usage(link_type, jira)} for link_type in found]}
    )


def _usage(link_type: LinkType, jira: Jira) -> dict[str, Any]:
    use = find_usage(link_type, jira)
    return {"link_count": len(use.links), "issues": sorted({*use.keys, *use.doubtful})}


def _fits(link_type: LinkType, params: Mapping[str, Any]) -> bool:
    values = {"name": [link_type.name], "id": [link_type.id], "phrase": [link_type.inward, link_type.outward]}
    return all(
        params[name] is None or folded(params[name]) in (folded(text or "") for text in texts)
        for name, texts in values.items()
    )


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
