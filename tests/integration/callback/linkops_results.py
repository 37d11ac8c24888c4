# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what every task returned to the file that LINKOPS_TEST_RESULTS names: a line of JSON per task and host."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: linkops_results
type: aggregate
short_description: Keep what every task returned
description: For the integration tests of linkops.jira.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "linkops_results"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        self._keep(result, "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._keep(result, "failed")

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._keep(result, "skipped")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._keep(result, "unreachable")

    def _keep(self, result: Any, status: str) -> None:
        # ansible-core before 2.19 knows only the names with an underscore.
        host, task, returned = (
            getattr(result, name, None) or getattr(result, f"_{name}") for name in ("host", "task", "result")
        )
        returned = {**returned, "failed": status == "failed"}
        entry = {"host": host.get_name(), "task": task.get_name(), "status": status, "result": returned}
        with Path(os.environ["LINKOPS_TEST_RESULTS"]).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry, default=str) + "\n")
