# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all modules share: connection options, and the one place that ends a module."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.parameters import env_fallback

from ._api import Jira
from ._connect import anonymous, connect, insecure, user_info
from ._errors import JiraError
from ._model import InputError

Run = Callable[[Mapping[str, Any], bool, Jira], dict[str, Any]]
"""``run(params, check_mode, jira)`` returns a module's result, and raises InputError or JiraError."""


def _option(variable: str | None = None, **spec: Any) -> dict[str, Any]:
    return {**spec, "fallback": (env_fallback, [variable])} if variable else spec


# Documented in doc_fragments/connection.py.
CONNECTION: dict[str, Any] = {
    "url": _option("JIRA_URL", type="str", required=True, aliases=["uri"]),
    "username": _option("JIRA_USERNAME", type="str"),
    "password": _option("JIRA_PASSWORD", type="str", no_log=True, aliases=["api_token"]),
    "token": _option("JIRA_TOKEN", type="str", no_log=True),
    "client_id": _option("JIRA_CLIENT_ID", type="str"),
    "client_secret": _option("JIRA_CLIENT_SECRET", type="str", no_log=True),
    "cloud_id": _option("JIRA_CLOUD_ID", type="str"),
    "api_version": _option(type="str", choices=["auto", "2", "3"], default="auto"),
    "oauth_url": _option(type="str", default="https://auth.atlassian.com/oauth/token"),
    "gateway_url": _option(type="str", default="https://api.atlassian.com/ex/jira"),
    "validate_certs": _option(type="bool", default=True),
    "ca_path": _option(type="path"),
    "client_cert": _option(type="path"),
    "client_key": _option(type="path", no_log=False),
    "timeout": _option(type="float", default=30.0),
    "retries": _option(type="int", default=4),
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


class Module(AnsibleModule):
    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        super().fail_json(hinted(msg), **kwargs)

    def add_path_info(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Nothing: AnsibleModule takes a result's ``path`` for a file, and ours is the one of a request."""
        return kwargs


def hinted(msg: str) -> str:
    """Ansible's message about missing options. Mostly it is url that is missing, because its variable is not set."""
    missing, _colon, names = msg.partition("missing required arguments: ")
    return f"{msg}. JIRA_URL in the environment gives it too." if not missing and "url" in names.split(", ") else msg


def run_module(run: Run, argument_spec: Mapping[str, Any], **constraints: Any) -> None:
    """A module's whole main(): check the options, run, and end with a result or a failure.

    :param constraints: AnsibleModule's own, such as mutually_exclusive.
    """
    module = Module({**CONNECTION, **argument_spec}, supports_check_mode=True, **constraints)
    module.no_log_values.update(user_info(module.params["url"]))
    if importlib.util.find_spec("requests") is None:
        module.fail_json(msg=missing_required_lib("requests"))
    result, warnings = outcome(run, module.params, module.check_mode)
    for warning in warnings:
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
        warnings.extend(insecure(params))
        return run(params, check_mode, jira), warnings
    except (InputError, JiraError) as error:
        failure = error if isinstance(error, JiraError) else JiraError(str(error))
        result = {"changed": False, **(failure.done or {}), **failure.to_result(), "failed": True}
        if jira and jira.http.sent and anonymous(params):
            result["msg"] += " The request was anonymous: no credentials were given."
        return result, warnings
