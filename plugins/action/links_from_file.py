# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._model.options import InputError
from ..modules.jira_issue_links import ARGUMENT_SPEC, IN_FILE
from ..plugin_utils._links_file import contents, read_links_file
from ..plugin_utils._validating import validating

_STATED = {
    **{name: option for name, option in ARGUMENT_SPEC.items() if name not in ("sentences", "approved_changes")},
    "links": {**ARGUMENT_SPEC["links"], "options": IN_FILE},
}
"""What a file can state: an element of its links may be a sentence, and nobody approves a file in that file."""
_OPTIONS = {"path": {"type": "path", "required": True}, "fail_on_mistakes": {"type": "bool", "default": True}}

main = validating(_OPTIONS)


class ActionModule(ActionBase):
    """Reads the file here, where Ansible runs: whatever the connection, there is no module to send."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        options = self.validate_argument_spec(_OPTIONS)[1]
        path = self._loader.path_dwim(options["path"])
        try:
            file = read_links_file(path, contents(path, self._loader), _STATED)
        except InputError as error:
            return {**result, "failed": True, "msg": str(error)}
        result.update(changed=False, mistakes=file.to_result())
        if file.warnings:
            result["warnings"] = file.warnings
        if file.mistakes:
            result.update(failed=options["fail_on_mistakes"], msg=file.refusal)
        return result if result.get("failed") else {**result, "options": file.options}
