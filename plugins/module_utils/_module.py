# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all modules share: connection options, and the one place that ends a module."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._api import Jira
from ._connect import anonymous, connect, insecure, misplaced_secrets
from ._errors import JiraError
from ._model import InputError
from ._options import Given, given
from ._text import printable

Run = Callable[[Mapping[str, Any], bool, Jira], dict[str, Any]]
"""``run(params, check_mode, jira)`` returns a module's result, and raises InputError or JiraError."""


# Documented in doc_fragments/connection.py; the environment completes them, see _options.py.
CONNECTION: dict[str, Any] = {
    "url": {"type": "str", "required": True, "aliases": ["uri"]},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True, "aliases": ["api_token"]},
    "token": {"type": "str", "no_log": True},
    "client_id": {"type": "str"},
    "client_secret": {"type": "str", "no_log": True},
    "cloud_id": {"type": "str"},
    "api_version": {"type": "str", "choices": ["auto", "2", "3"], "default": "auto"},
    "oauth_url": {"type": "str", "default": "https://auth.atlassian.com/oauth/token"},
    "gateway_url": {"type": "str", "default": "https://api.atlassian.com/ex/jira"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
    "timeout": {"type": "float", "default": 30.0},
    "retries": {"type": "int", "default": 4},
}

LINK: dict[str, Any] = {
    "issue": {"type": "str"},
    "phrase": {"type": "str"},
    "linked_issue": {"type": "str"},
    "link_type": {"type": "str", "aliases": ["linktype"]},
    "inward_issue": {"type": "str", "aliases": ["inwardissue"]},
    "outward_issue": {"type": "str", "aliases": ["outwardissue"]},
}

# Documented in doc_fragments/comment.py.
COMMENT: dict[str, Any] = {
    "comment": {"type": "raw"},
    "comment_visibility": {
        "type": "dict",
        "options": {
            "type": {"type": "str", "choices": ["group", "role"], "required": True},
            "value": {"type": "str"},
            "identifier": {"type": "str"},
        },
        "required_one_of": [("value", "identifier")],
        "mutually_exclusive": [("value", "identifier")],
    },
    "comment_internal": {"type": "bool", "default": False},
}


# Documented in modules/jira_remote_link.py and modules/jira_remote_links.py.
REMOTE_LINK: dict[str, Any] = {
    "remote_url": {"type": "str"},
    "title": {"type": "str"},
    "global_id": {"type": "str"},
    "summary": {"type": "str"},
    "relationship": {"type": "str"},
    "application": {"type": "dict", "options": {"name": {"type": "str"}, "type": {"type": "str"}}},
    "icon_url": {"type": "str"},
    "icon_title": {"type": "str"},
    "resolved": {"type": "bool"},
    "status_icon_url": {"type": "str"},
}


class Module(AnsibleModule):
    given = Given({}, [], [])
    """The options as they were given."""

    def _load_params(self) -> None:
        super()._load_params()
        self.given = given(self.params, self.argument_spec, os.environ)
        self.params = self.given.options

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        super().fail_json(self.given.refusal or hinted(msg), **kwargs)

    def add_path_info(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Nothing: AnsibleModule takes a result's ``path`` for a file, and ours is the one of a request."""
        return kwargs


def hinted(msg: str) -> str:
    """Ansible's message about missing options. Mostly it is url that is missing, because its variable is not set."""
    names = msg.removeprefix("missing required arguments: ")
    return f"{msg}. JIRA_URL in the environment gives it too." if names != msg and "url" in names.split(", ") else msg


def run_module(run: Run, argument_spec: Mapping[str, Any], **constraints: Any) -> None:
    """A module's whole main(): check the options, run, and end with a result or a failure.

    :param constraints: AnsibleModule's own, such as mutually_exclusive.
    """
    module = Module({**CONNECTION, **argument_spec}, supports_check_mode=True, **constraints)
    module.no_log_values.update(misplaced_secrets(module.params))
    if module.given.refusal:
        module.fail_json(msg=module.given.refusal)
    if importlib.util.find_spec("requests") is None:
        module.fail_json(msg=missing_required_lib("requests"))
    result, warnings = outcome(run, module.params, module.check_mode)
    for warning in [*module.given.warnings, *warnings]:
        module.warn(warning)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


def outcome(
    run: Run, params: Mapping[str, Any], check_mode: bool, connected: Callable[[Mapping[str, Any]], Jira] = connect
) -> tuple[dict[str, Any], list[str]]:
    """What a module reports, failures included, and its warnings."""
    warnings: list[str] = []
    jira: Jira | None = None
    try:
        jira = connected(params)
        jira.warnings = warnings
        jira.http.caller_named = jira.http.login_proved = False  # a login can end between two items of a loop
        warnings.extend(insecure(params))
        result = run(params, check_mode, jira)
    except (InputError, JiraError) as error:
        failure = error if isinstance(error, JiraError) else JiraError(str(error))
        result = {"changed": False, **(failure.done or {}), **failure.to_result(), "failed": True}
        if jira and jira.http.sent and anonymous(params):
            result["msg"] += " The request was anonymous: no credentials were given."
    return result, list(map(printable, warnings))
