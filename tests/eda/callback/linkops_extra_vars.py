# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the extra variables of every play to the file that LINKOPS_TEST_EXTRA_VARS names: a line of JSON each."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: linkops_extra_vars
type: aggregate
short_description: Keep the extra variables of every play
description: For the tests of linkops.jira with Event-Driven Ansible.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "linkops_extra_vars"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_play_start(self, play: Any) -> None:
        with Path(os.environ["LINKOPS_TEST_EXTRA_VARS"]).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(play.get_variable_manager().extra_vars, default=str) + "\n")
