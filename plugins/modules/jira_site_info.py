#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_site_info
short_description: Say which Jira site this is, and what one may do there
version_added: 1.0.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Says what a Jira site says of itself.
  - C(base_url) is the same whichever way the site is asked, directly or through Atlassian's gateway. So it tells sites
    apart.
  - With O(permissions_for), also says who is logged in, and what this account may do.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.info
  - linkops.jira.connection
options:
  permissions_for:
    description:
      - Issues of which to say what the account may do with them, by key or id, or by the address of their page in a
        browser.
      - That takes two requests for each of them, and two more.
    type: list
    elements: str
seealso:
  - module: linkops.jira.jira_issue_links
"""

EXAMPLES = r"""
- name: Which Jira is this? url comes from the environment
  linkops.jira.jira_site_info:
  register: jira

- name: Say it
  ansible.builtin.debug:
    msg: "{{ jira.site.base_url }}, Jira {{ jira.site.deployment }} {{ jira.site.version }}"

- name: May this account link two issues?
  linkops.jira.jira_site_info:
    permissions_for: [REL-1, APP-7]
  register: jira

- name: Say which of them it may not link
  ansible.builtin.debug:
    msg: "{{ jira.account.permissions | selectattr('link_issues', 'eq', false) | map(attribute='issue') }}"
"""

RETURN = r"""
site:
  description: What the site says of itself.
  returned: success
  type: dict
  sample:
    base_url: https://example.atlassian.net
    deployment: Cloud
    version: 1001.0.0-SNAPSHOT
    api_version: "3"
  contains:
    base_url:
      description: The address that the site has for its users.
      type: str
      returned: always
    deployment:
      description: V(Cloud) or V(Data Center).
      type: str
      returned: always
    version:
      description: The version of Jira.
      type: str
      returned: always
    api_version:
      description: The version of the REST API that the modules of this collection use there.
      type: str
      returned: always
account:
  description:
    - Who is logged in, and what this account may do.
    - What Jira does not tell is V(null), and a warning says why.
  returned: with O(permissions_for)
  type: dict
  sample:
    logged_in: true
    name: Jane Doe
    administrator: false
    permissions:
      - {issue: REL-1, link_issues: true, add_comments: true}
  contains:
    logged_in:
      description:
        - Whether there are credentials that Jira accepts. Where it does not accept them, the task fails.
        - It is null where Jira does not tell. Then a warning says so.
      type: bool
      returned: always
    name:
      description: The name that people see of the account.
      type: str
      returned: always
    administrator:
      description: Whether it is a Jira administrator, who alone may change link types.
      type: bool
      returned: always
    permissions:
      description: What it may do with each of the issues.
      type: list
      elements: dict
      returned: always
      contains:
        issue:
          description: The issue, as it was asked for.
          type: str
          returned: always
        link_issues:
          description: Whether it may make and remove issue links and remote links of the issue.
          type: bool
          returned: always
        add_comments:
          description: Whether it may add comments to the issue.
          type: bool
          returned: always
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ..module_utils._client.jira import Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._model.link import as_typed
from ..module_utils._model.options import issue_key
from ..module_utils._module import Result, run_module
from ..module_utils._text import printable

ARGUMENT_SPEC: dict[str, Any] = {"permissions_for": {"type": "list", "elements": "str"}}
CONSTRAINTS: dict[str, Any] = {}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Ask the site what it is, and what the account may do. Check mode is no different."""
    keys = [issue_key(text, params["url"]) for text in params["permissions_for"] or ()]
    server = jira.read_server_info()
    site = {
        "base_url": printable(server.base_url),
        "deployment": "Cloud" if jira.is_cloud() else "Data Center",
        "version": printable(server.version),
        "api_version": jira.find_api_version(),
    }
    return Outcome({"changed": False, "site": site, **({"account": _account(keys, jira)} if keys else {})})


def _account(keys: Sequence[str], jira: Jira) -> dict[str, Any]:
    name = None if jira.http.anonymous else jira.read_account()
    return {
        "logged_in": jira.http.logged_in,
        "name": name and printable(name),
        "administrator": jira.permission("ADMINISTER", "administer Jira"),
        "permissions": [
            {
                "issue": as_typed(key),
                "link_issues": jira.permission("LINK_ISSUES", f"link {key}", issueKey=key),
                "add_comments": jira.permission("ADD_COMMENTS", f"comment on {key}", issueKey=key),
            }
            for key in keys
        ],
    }


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
