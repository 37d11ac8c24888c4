#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_site_info
short_description: Say which Jira site this is
version_added: 1.0.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Says what a Jira site says of itself.
  - C(base_url) is the same whichever way the site is asked, directly or through Atlassian's gateway. So it tells sites
    apart.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.info
  - linkops.jira.connection
options: {}
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
"""

RETURN = r"""
site:
  description: What the site says of itself.
  returned: always
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
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._client.jira import Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._module import Result, run_module

ARGUMENT_SPEC: dict[str, Any] = {}
CONSTRAINTS: dict[str, Any] = {}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Ask the site what it is. Check mode is no different."""
    server = jira.read_server_info()
    site = {
        "base_url": server.base_url,
        "deployment": "Cloud" if jira.is_cloud() else "Data Center",
        "version": server.version,
        "api_version": jira.find_api_version(),
    }
    return Outcome({"changed": False, "site": site})


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
