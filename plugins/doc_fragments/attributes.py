# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that nobody else changes in Jira, between the two, what the module is about.
  action_group:
    description: Use C(group/linkops.jira.jira) in C(module_defaults) to set connection options for all modules at once.
    support: full
    membership:
      - linkops.jira.jira
notes:
  - The module runs where the task runs. Set C(delegate_to=localhost) or C(connection=local) to talk to Jira from the
    controller. It then runs inside Ansible itself and keeps its connection from one item of a loop to the next, which
    is many times faster. With C(become), C(async), C(environment) or an C(ansible_python_interpreter) other than
    Ansible's own, or with the environment variable E(LINKOPS_JIRA_IN_PROCESS) or the variable
    C(linkops_jira_in_process) set to V(false), it runs as modules usually do. The result is the same.
"""

    # For modules that write.
    CHANGES = r"""
attributes:
  check_mode:
    support: full
    details:
      - Reads what the real run reads, and asks Jira whether it would refuse the change.
      - What cannot be known beforehand, such as whether Jira accepts a text, it takes for granted.
  diff_mode:
    support: full
  idempotent:
    support: full
"""

    # For modules that only read.
    INFO = r"""
attributes:
  check_mode:
    support: full
    details:
      - This module changes nothing.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    support: full
    details:
      - This module changes nothing.
"""

    # For actions without a module. They ask no Jira, so the first part of this page is not for them.
    CONTROLLER = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
    support: full
    details:
      - This module changes nothing.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), in diff mode.
    support: N/A
    details:
      - This module changes nothing.
"""
