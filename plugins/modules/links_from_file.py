#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: links_from_file
short_description: Read issue links from a file
version_added: 1.0.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Reads a file that declares issue links, on the machine that runs Ansible.
  - All mistakes in the file that can be seen without Jira are reported together, each with its line. The role
    P(linkops.jira.issue_links#role) reports those that only Jira can see with them.
  - The file is data. Templates in it are not evaluated. Ansible Vault may have encrypted it.
  - What it returns is for M(linkops.jira.jira_issue_links). The role P(linkops.jira.issue_links#role) does both.
options:
  path:
    description:
      - The file, in UTF-8, or in UTF-16 with a byte order mark. A relative path begins at the playbook's folder.
      - YAML is a list of links, each as in O(linkops.jira.jira_issue_links#module:links). Or it is a mapping of options
        of M(linkops.jira.jira_issue_links), with that list as C(links). C(.json) is the same in JSON.
      - C(.csv) is what P(linkops.jira.links_from_csv#filter) reads, be it a sheet or what Jira itself exports.
    type: path
    required: true
  fail_on_mistakes:
    description:
      - Whether to fail if there are mistakes in the file. If not, C(options) has the links that make sense, and for
        each mistake an element with O(linkops.jira.jira_issue_links#module:links[].mistake), so that
        M(linkops.jira.jira_issue_links) names these together with what Jira refuses, and writes nothing.
      - A file that cannot be opened fails in any case.
    type: bool
    default: true
extends_documentation_fragment:
  - linkops.jira.attributes.controller
seealso:
  - module: linkops.jira.jira_issue_links
  - plugin: linkops.jira.links_from_csv
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read what release 1 waits for
  linkops.jira.links_from_file:
    path: release-1.yml
  register: release

- name: Make it so
  linkops.jira.jira_issue_links:
    links: "{{ release.options.links }}"
    acyclic: "{{ release.options.acyclic | default(omit) }}"
"""

RETURN = r"""
options:
  description:
    - What the file says, by the names of the options of M(linkops.jira.jira_issue_links). C(links) is always there, of
      the others those that stand in the file.
  returned: when the task has not failed
  type: dict
  sample: {"links": [{"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}], "acyclic": ["Blocks"]}
mistakes:
  description: What is wrong in the file, in the order of its lines.
  returned: when the file could be opened
  type: list
  elements: dict
  sample: [{"origin": "release-1.yml line 8", "message": "'APP 7' is no issue key. A key looks like HSP-1."}]
  contains:
    origin:
      description: The name of the file, and the line.
      type: str
      returned: always
    message:
      description: What is wrong there.
      type: str
      returned: always
"""

# There is no code here: the action plugin of this name is all of it.
