# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stopwatch in the process that runs the tasks: how long it spends in some of Ansible's functions and some of ours.

For each task it writes a JSON object to the file that LINKOPS_STOPWATCH names: seconds by section, without those of the
sections inside it.
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from ansible.executor.task_executor import TaskExecutor
from ansible.executor.task_queue_manager import FinalQueue
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.playbook.task import Task
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: linkops_stopwatch
type: aggregate
short_description: Measures where a loop's time goes
description:
  - Patches some functions, so that they tell how long they take.
"""

_PLUGINS = "ansible_collections.linkops.jira.plugins"
_spent: defaultdict[str, float] = defaultdict(float)
_inside = [0.0]
"""For each function under way, the outermost first: the seconds spent in sections inside it."""


def _time(owner: Any, name: str, section: str) -> None:
    """Count the time of a function for a section."""
    original: Callable[..., Any] = getattr(owner, name)

    def timed(*args: Any, **options: Any) -> Any:
        started = time.perf_counter()
        _inside.append(0.0)
        try:
            return original(*args, **options)
        finally:
            seconds = time.perf_counter() - started
            _spent[section] += seconds - _inside.pop()
            _inside[-1] += seconds

    setattr(owner, name, timed)


def _time_tasks() -> None:
    """Count a whole task, and write down its sections at its end."""
    _time(TaskExecutor, "run", "executor")
    run = TaskExecutor.run

    def recorded(self: TaskExecutor) -> Any:
        _spent.clear()
        result = run(self)
        with Path(os.environ["LINKOPS_STOPWATCH"]).open("a") as file:
            file.write(json.dumps(_spent) + "\n")
        return result

    TaskExecutor.run = recorded  # type: ignore[method-assign]


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "linkops_stopwatch"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        controller = import_module(f"{_PLUGINS}.plugin_utils._in_controller")
        _time(controller, "perform", "module")
        _time(import_module(f"{_PLUGINS}.module_utils._client.http_client").Http, "_send", "http")
        _time(ArgumentSpecValidator, "__init__", "validation")
        _time(ArgumentSpecValidator, "validate", "validation")
        _time(controller, "_plain", "validation")
        _time(controller, "remove_values", "validation")
        _time(Task, "post_validate", "templating")
        _time(FinalQueue, "send_callback", "reporting")
        _time(FinalQueue, "send_task_result", "reporting")
        _time_tasks()
