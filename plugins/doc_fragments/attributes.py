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
  action_group:
    description: Use C(group/linkops.jira.jira) in C(module_defaults) to set connection options for all modules at once.
    support: full
    membership:
      - linkops.jira.jira
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
"""
