# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ..module_utils._model.options import InputError
from ..module_utils._text import printable
from ..modules.jira_issue_links import ARGUMENT_SPEC
from ..plugin_utils._links_file import read_links_file

_VAULT = b"$ANSIBLE_VAULT;"
_OPTIONS = {name: option for name, option in ARGUMENT_SPEC.items() if name not in ("sentences", "approved_changes")}
"""What a file can state: an element of its links may be a sentence, and nobody approves a file in that file."""


class ActionModule(ActionBase):
    """Reads the file here, where Ansible runs: whatever the connection, there is no module to send."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        options = self.validate_argument_spec({"path": {"type": "path", "required": True}})[1]
        path = self._loader.path_dwim(options["path"])
        try:
            declared = read_links_file(path, self._contents(path), _OPTIONS)
        except InputError as error:
            return {**result, "failed": True, "msg": str(error)}
        return {**result, "changed": False, "options": declared}

    def _contents(self, path: str) -> bytes:
        """What is in the file, decrypted if Ansible Vault has encrypted it.

        :raises InputError: it cannot be read.
        """
        try:
            data = Path(path).read_bytes()
            return self._decrypted(path) if data.startswith(_VAULT) else data
        except OSError as error:
            raise InputError(f"{printable(path)} cannot be read: {error.strerror}.") from error
        except AnsibleError as error:
            raise InputError(f"{printable(path)} cannot be read: {error.message}") from error

    def _decrypted(self, path: str) -> bytes:
        clear = self._loader.get_real_file(path)
        try:
            return Path(clear).read_bytes()
        finally:
            self._loader.cleanup_tmp_file(clear)
