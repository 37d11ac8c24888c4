# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._model.options import InputError, refuse_empty
from ..plugin_utils import _gate
from ..plugin_utils._validating import validating

_OPTIONS = {
    "read": {"type": "dict", "required": True},
    "phrase": {"type": "str", "default": "is blocked by"},
    "require_done": {"type": "bool", "default": False},
    "accepted": {"type": "raw", "default": []},
    "accepted_read": {"type": "dict", "default": {}},
    "date": {"type": "raw", "required": True},
    "name": {"type": "str", "required": True},
}

main = validating(_OPTIONS)


class ActionModule(ActionBase):
    """Decides here, where Ansible runs: whatever the connection, there is no module to send."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        options = self.validate_argument_spec(_OPTIONS)[1]
        try:
            found = _decided(options)
        except InputError as error:
            return {**result, "failed": True, "msg": str(error)}
        return {**result, "changed": False, **found, "warnings": found["notes"]}


def _decided(options: dict[str, Any]) -> dict[str, Any]:
    refuse_empty(options, "phrase", "name")
    acceptances = _gate.read_accepted(options["accepted"])
    today = _gate.read_date(options["date"], "date")
    release = _gate.read_release(options["read"])
    accepted = _gate.by_current_key(acceptances, options["accepted_read"], release)
    decision = _gate.decide(release, accepted, today, options["phrase"], options["require_done"])
    return _gate.to_result(decision, release, options["name"])
