# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._model.options import InputError
from ..plugin_utils._arguments import plain
from ..plugin_utils._link_plan import approved_changes, plan_header
from ..plugin_utils._links_file import contents
from ..plugin_utils._validating import validating

_OPTIONS = {
    "declaration": {"type": "dict", "required": True},
    "site": {"type": "str", "required": True},
    "approved": {"type": "path"},
}

main = validating(_OPTIONS)


class ActionModule(ActionBase):
    """Reads an approved plan here, where Ansible runs: whatever the connection, there is no module to send."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        options = self.validate_argument_spec(_OPTIONS)[1]
        header = plan_header(plain(options["declaration"]), options["site"])
        try:
            approved = self._approved(options["approved"], header) if options["approved"] else None
        except InputError as error:
            return {**result, "failed": True, "msg": str(error)}
        return {**result, "changed": False, "header": header, "approved_changes": approved}

    def _approved(self, path: str, header: dict[str, Any]) -> list[Any]:
        path = self._loader.path_dwim(path)
        return approved_changes(path, contents(path, self._loader), header)
