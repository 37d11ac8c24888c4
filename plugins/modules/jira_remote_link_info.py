#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_remote_link_info
short_description: List the remote links of Jira issues
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Lists what issues link to outside of Jira.
  - Sends one request for each issue, since Jira has none that reads several.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.info
  - linkops.jira.connection
options:
  issues:
    description:
      - The issues, by key or id, or by the address of their page in a browser.
      - An empty list has no remote links.
    type: list
    elements: str
    required: true
  application:
    description: List only remote links of the application with exactly this name.
    type: str
  global_id:
    description: List only remote links with this global id.
    type: str
  fail_on_missing:
    description: Whether an issue that Jira does not show is an error. Otherwise it is listed in RV(missing).
    type: bool
    default: true
seealso:
  - module: linkops.jira.jira_remote_link
"""

EXAMPLES = r"""
- name: The builds of two releases; url and credentials come from the environment
  linkops.jira.jira_remote_link_info:
    issues: [REL-1, REL-2]
    application: CI
  register: builds

- name: Those that are not done
  ansible.builtin.debug:
    msg: "{{ builds.remote_links['REL-1'] | rejectattr('resolved') | map(attribute='sentence') }}"
"""

RETURN = r"""
remote_links:
  description: The remote links of each issue, by the key or id that it was asked for, in capitals.
  returned: success
  type: dict
  sample:
    REL-1:
      - id: "10042"
        issue: REL-1
        global_id: https://ci.example.com/builds/512
        remote_url: https://ci.example.com/builds/512
        title: Build 512
        summary: null
        relationship: built by
        application: {name: CI, type: null}
        icon_url: null
        icon_title: null
        resolved: true
        status_icon_url: null
        sentence: REL-1 built by Build 512 (https://ci.example.com/builds/512)
missing:
  description: The issues that Jira does not show, as they were asked for.
  returned: success
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._client.errors import NotFound
from ..module_utils._client.jira import Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._model.link import as_typed
from ..module_utils._model.options import issue_key
from ..module_utils._model.remote_link import RemoteLink
from ..module_utils._module import Result, run_module

ARGUMENT_SPEC: dict[str, Any] = {
    "issues": {"type": "list", "elements": "str", "required": True},
    "application": {"type": "str"},
    "global_id": {"type": "str"},
    "fail_on_missing": {"type": "bool", "default": True},
}
CONSTRAINTS: dict[str, Any] = {}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Read remote links. Check mode is no different."""
    found: dict[str, list[dict[str, Any]]] = {}
    missing = []
    for key in dict.fromkeys(issue_key(text, params["url"]) for text in params["issues"]):
        try:
            found[key] = [link.to_result(key) for link in jira.remote_links(key) if _fits(link, params)]
        except NotFound:
            if params["fail_on_missing"]:
                raise
            missing.append(as_typed(key))
    jira.prove_login()
    return Outcome({"changed": False, "remote_links": found, "missing": missing})


def _fits(link: RemoteLink, params: Mapping[str, Any]) -> bool:
    wanted = {"application.name": params["application"], "global_id": params["global_id"]}
    return all(value is None or link.get(name) == value for name, value in wanted.items())


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
