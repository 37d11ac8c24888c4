#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: link_plan
short_description: Say which declaration a plan of issue links is for, and read an approved plan
version_added: 1.0.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Returns what a plan file says beside its changes. With O(approved), reads such a file, and fails if it is of another
    site or another declaration.
  - The role P(linkops.jira.issue_links#role) writes plan files and applies approved ones.
options:
  declaration:
    description:
      - Options of M(linkops.jira.jira_issue_links). Of these, C(links), C(state), C(scope), C(exclusive) and C(acyclic)
        count, in any order, and not where the links come from.
    type: dict
    required: true
  site:
    description: The C(base_url) that M(linkops.jira.jira_site_info) returns.
    type: str
    required: true
  approved:
    description: A plan file that somebody approved, on the machine that runs Ansible.
    type: path
extends_documentation_fragment:
  - linkops.jira.attributes.controller
seealso:
  - module: linkops.jira.jira_issue_links
"""

EXAMPLES = r"""
- name: What does a plan file for this say beside its changes?
  linkops.jira.link_plan:
    declaration: {links: [{sentence: REL-1 is blocked by APP-7}]}
    site: https://example.atlassian.net
  register: plan

- name: Say it
  ansible.builtin.debug:
    msg: "{{ plan.header }}"
"""

RETURN = r"""
header:
  description: What a plan file for this site and this declaration says beside its C(changes).
  returned: success
  type: dict
  contains:
    format:
      description: The version of the format.
      type: int
      returned: always
    site:
      description: As O(site).
      type: str
      returned: always
    declaration:
      description: A SHA-256 of the declaration.
      type: str
      returned: always
approved_changes:
  description:
    - The changes in O(approved), for O(linkops.jira.jira_issue_links#module:approved_changes).
    - V(null) without such a file.
  returned: success
  type: list
  elements: dict
"""

# There is no code here: the action plugin of this name is all of it.
