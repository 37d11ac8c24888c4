#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: gate_decision
short_description: Decide whether a release may go out
version_added: 1.0.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Finds what still blocks a release, as P(linkops.jira.open_blockers#filter) does, and sorts out what somebody has
    accepted. Asks no Jira.
  - The role P(linkops.jira.release_gate#role) reads what is needed, and writes the reports.
options:
  read:
    description:
      - What M(linkops.jira.jira_issue_link_info) returns for the issues of the release, read with the same O(phrase).
    type: dict
    required: true
  phrase:
    description: What an issue says of those that block it.
    type: str
    default: is blocked by
  require_done:
    description: Whether an issue of the release that is not done closes the gate, too.
    type: bool
    default: false
  accepted:
    description:
      - What may stay open. Each element is a dictionary with C(issue), the key or id; C(reason); and perhaps C(until),
        the last day on which it counts.
      - An accepted issue does not close the gate, and what blocks it counts only if it also blocks on another way. An
        issue of the release can be accepted where O(require_done) is true.
    type: raw
    default: []
  accepted_read:
    description: What M(linkops.jira.jira_issue_link_info) returns for the issues of O(accepted).
    type: dict
    default: {}
  date:
    description: The day for which this is decided, such as V(2026-12-31).
    type: raw
    required: true
  name:
    description: What is released, for the verdict.
    type: str
    required: true
extends_documentation_fragment:
  - linkops.jira.attributes.controller
seealso:
  - plugin: linkops.jira.open_blockers
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read what the release waits for
  linkops.jira.jira_issue_link_info:
    issues: [REL-1]
    phrase: is blocked by
    depth: -1
  register: read

- name: Read the issue that is accepted
  linkops.jira.jira_issue_link_info:
    issues: [APP-7]
  register: accepted_read

- name: May it go out?
  linkops.jira.gate_decision:
    read: "{{ read }}"
    accepted:
      - {issue: APP-7, reason: There is a way around it, until: 2026-12-31}
    accepted_read: "{{ accepted_read }}"
    date: 2026-12-01
    name: REL-1
"""

RETURN = r"""
open:
  description: Whether the release may go out.
  returned: success
  type: bool
verdict:
  description: The decision in a few words.
  returned: success
  type: str
  sample: 1 issue of the release is not done, 2 open blockers (1 accepted)
blockers:
  description:
    - What closes the gate, as P(linkops.jira.open_blockers#filter) gives it. The issues of the release that are not
      done come first, then their blockers, nearest first.
  returned: success
  type: list
  elements: dict
accepted:
  description: What would close the gate if it were not accepted; the same, with C(reason) and C(until).
  returned: success
  type: list
  elements: dict
issues:
  description: The issues of the release, each with C(issue) (its key), C(id), C(summary), C(status), C(status_category)
    and C(issue_type).
  returned: success
  type: list
  elements: dict
notes:
  description: What to know of acceptances that are of no use or over. They are shown as warnings, too.
  returned: success
  type: list
  elements: str
"""

# There is no code here: the action plugin of this name is all of it.
