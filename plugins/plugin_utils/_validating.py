# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lets ansible-lint check the options of a task.

Its rule ``args[module]`` calls the ``main`` of the module that a task names, with an AnsibleModule of its own, which
checks and then ends it. Where there is an action plugin of that name, it takes this for the module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils import basic


def validating(argument_spec: Mapping[str, Any], **constraints: Any) -> Callable[[], None]:
    """A ``main`` that checks the options, and does nothing else. Ansible never calls that of an action plugin.

    :param constraints: AnsibleModule's own, such as mutually_exclusive.
    """

    def main() -> None:
        basic.AnsibleModule(argument_spec, supports_check_mode=True, **constraints)  # the one that is there by then

    return main
