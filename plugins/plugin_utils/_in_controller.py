# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module of this collection inside the controller, which spares it a process of its own for every loop item.

Each module has an action plugin of its name, and this is what all of them are. (One plugin and redirects to it in
meta/runtime.yml would do, were it not for module_defaults: those of the plugin's own name would apply to all modules.)
Where running inside the controller would not be the same thing, Ansible runs the module as it always does.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from ansible import constants, context
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ..module_utils._client.connect import connect, misplaced_secrets
from ..module_utils._client.progress import Progress
from ..module_utils._client.site import Site
from ..module_utils._module import COMPLETED, CONNECTION, ELSEWHERE, given, hinted, perform
from ._arguments import plain
from ._validating import validating

OLDEST_PYTHON = (3, 9)
"""What modules need where they run."""
_PRINT_VERSION = 'import sys; print(".".join(map(str, sys.version_info[:3])))'
_OF_A_DEAD_MODULE = ("module_stdout", "module_stderr", "exception", "rc")
_ON_TERMINAL = sys.stdout.isatty()  # asked now: the process that runs a task has no terminal
_MODULES = "ansible_collections.linkops.jira.plugins.modules"
_kept: dict[str, Site] = {}
"""The sites used last, by connection options, the latest at the end. All items of a loop run in one process."""
_MOST_KEPT = 8
"""More than that, as of a loop over credentials, would each keep a connection open."""


class ActionModule(NormalAction):
    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = self._run(tmp, task_vars or {})
        if context.CLIARGS.get("diff") and not self._task.diff:  # the task alone wants none, and Ansible would show it
            result.pop("diff", None)
        return result

    def _run(self, tmp: str | None, task_vars: dict[str, Any]) -> dict[str, Any]:
        if not self._same_in_here(task_vars):
            return self._explained(NormalAction.run(self, tmp, task_vars))
        result: dict[str, Any] = ActionBase.run(self, tmp, task_vars)
        found = self._run_in_here()
        if not _invocation_wanted(task_vars):
            del found["invocation"]
        return {**result, **found}

    def _explained(self, result: dict[str, Any]) -> dict[str, Any]:
        """A module's result. If it died for want of a newer Python, which it cannot say itself, it says so."""
        python = (self._used_interpreter or "").lstrip("#!")
        answered = "changed" in result and "module_stdout" not in result
        if answered or not result.get("failed") or not python:
            return result
        answer = self._low_level_execute_command(f"{python} -c '{_PRINT_VERSION}'")["stdout"].strip()
        version = tuple(map(int, answer.split("."))) if re.fullmatch(r"[0-9]+([.][0-9]+)+", answer) else OLDEST_PYTHON
        if version >= OLDEST_PYTHON:
            return result
        oldest = ".".join(map(str, OLDEST_PYTHON))
        msg = f"The module ran with Python {answer} ({python}), and it needs {oldest} or newer."
        rest = {name: value for name, value in result.items() if name not in _OF_A_DEAD_MODULE}
        return {**rest, "msg": f"{msg} Set ansible_python_interpreter to such a one. {ELSEWHERE}"}

    def _same_in_here(self, task_vars: Mapping[str, Any]) -> bool:
        """Whether the module would run on this machine, as this user, with this Python and this environment."""
        return (
            self._wanted(task_vars)
            and self._connection.transport == "local"
            and not self._connection.become
            and not self._task.async_val
            and not any(self._task.environment or ())
            and self._same_python(task_vars)
            and importlib.util.find_spec("requests") is not None
        )

    def _wanted(self, task_vars: Mapping[str, Any]) -> bool:
        chosen = os.environ.get("LINKOPS_JIRA_IN_PROCESS")
        if chosen:
            return _yes("LINKOPS_JIRA_IN_PROCESS", chosen)
        return _yes("linkops_jira_in_process", self._templar.template(task_vars.get("linkops_jira_in_process", True)))

    def _same_python(self, task_vars: Mapping[str, Any]) -> bool:
        if self._task.delegate_to:
            task_vars = (task_vars.get("ansible_delegated_vars") or {}).get(self._task.delegate_to) or {}
        chosen = task_vars.get("ansible_python_interpreter") or constants.config.get_config_value(
            "INTERPRETER_PYTHON", variables=task_vars
        )
        return _is_this_python(str(self._templar.template(chosen)))

    def _run_in_here(self) -> dict[str, Any]:
        """What the module would print, down to its invocation and the values it censors."""
        loaded = _load(self._task.action.rpartition(".")[2])
        asked = given(plain(self._task.args), loaded.spec, os.environ)
        checked = loaded.validator.validate(asked.options)
        params = checked.validated_parameters
        secrets = checked._no_log_values | misplaced_secrets(params)
        warnings = [
            *(f"Both option {both['option']} and its alias {both['alias']} are set." for both in checked._warnings),
            *asked.warnings,
        ]
        if asked.refusal or checked.error_messages:
            result: dict[str, Any] = {"failed": True, "msg": asked.refusal or hinted(checked.errors.msg)}
        else:
            result, more = self._perform(loaded.module, params)
            warnings += more
        preserved = {name: value for name, value in result.items() if value is None or isinstance(value, bool)}
        result["invocation"] = {"module_args": params}
        if warnings:
            result["warnings"] = warnings
        return {**plain(remove_values(result, secrets)), **preserved}

    def _perform(self, module: Any, params: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """What the module reports, a failure included, and its warnings.

        :raises AnsibleError: Ansible itself ended the task.
        """
        shown, told = _progress_is_shown(), set[str]()

        def show(progress: Progress) -> None:
            for line in progress_lines(progress, told) if shown else ():
                Display().display(f"  {line}")

        try:
            return perform(module.run, params, self._task.check_mode, _keep, show)
        except AnsibleError:  # a task's timeout, for one
            raise
        except Exception as error:
            msg = f"The module failed unexpectedly: {type(error).__name__}: {error}"
            return {"failed": True, "msg": msg, "exception": traceback.format_exc()}, []


class LoadedModule(NamedTuple):
    """A module of this collection, its argument spec with the connection's options, and what checks its options."""

    module: Any
    spec: dict[str, Any]
    validator: ArgumentSpecValidator


@lru_cache
def _load(name: str) -> LoadedModule:
    """The module with this name, such as ``jira_issue_link``."""
    module = import_module(f"{_MODULES}.{name}")
    spec = {**COMPLETED, **module.ARGUMENT_SPEC}
    return LoadedModule(module, spec, ArgumentSpecValidator(spec, **module.CONSTRAINTS))


def main_of(action: str) -> Callable[[], None]:
    """The ``main`` of an action plugin, for ansible-lint.

    :param action: the plugin's full name, which ends with that of its module.
    """
    module = _load(action.rpartition(".")[2]).module
    return validating({**CONNECTION, **module.ARGUMENT_SPEC}, **module.CONSTRAINTS)


@lru_cache
def _is_this_python(python: str) -> bool:
    """Whether an interpreter is the one that runs Ansible, or nobody chose one.

    The folder counts as well: the Pythons of several virtual environments are links to the same file.
    """
    return python.startswith("auto") or all(
        part(python) == part(sys.executable) for part in (os.path.dirname, os.path.realpath)
    )


def _invocation_wanted(task_vars: Mapping[str, Any]) -> bool:
    """A module's result always has its invocation; from ansible-core 2.21 on, only if a setting says so."""
    try:
        return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True


def _keep(params: Mapping[str, Any]) -> Site:
    """The site that these connection options name, kept with its open connections and its link types."""
    key = json.dumps([params[name] for name in CONNECTION])
    _kept[key] = _kept.pop(key) if key in _kept else connect(params)
    if len(_kept) > _MOST_KEPT:
        _kept.pop(next(iter(_kept))).http.close()
    return _kept[key]


def _progress_is_shown() -> bool:
    """Whether to show the progress of a long run at the terminal. Asked before anything is written.

    :raises AnsibleError: the setting is neither true nor false.
    """
    asked = os.environ.get("LINKOPS_JIRA_PROGRESS")
    plain_output = constants.config.get_config_value("DEFAULT_STDOUT_CALLBACK").rpartition(".")[2] == "default"
    return _yes("LINKOPS_JIRA_PROGRESS", asked) if asked else _ON_TERMINAL and plain_output


def _yes(setting: str, value: Any) -> bool:
    """:raises AnsibleError: the setting is neither true nor false."""
    try:
        return bool(boolean(value))
    except TypeError:
        raise AnsibleError(f"{setting} has to be true or false, and is {str(value)!r}.") from None


def progress_lines(progress: Progress, told: set[str]) -> list[str]:
    """How far a run is, ``120 of 1,000 links written, about 11 s left``, in lines of at most 77 characters.

    :param told: the issues of which was said that others write to them; takes in those of which it is said now.
    """
    new = [key for key in progress.shared if key not in told]
    others = [f"Somebody else writes to {key}, too. It takes longer for that." for key in new]
    told.update(progress.shared)
    of = f" of {progress.total:,}" if progress.total else ""
    wait = ", waiting for a limit" if progress.limited else ""
    left = progress.seconds_left
    end = "" if left is None else f", about {left / 60:,.0f} min left" if left > 600 else f", about {left:,.0f} s left"
    return [*others, f"{progress.done:,}{of} {progress.what}{wait}{end}"]
