# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module run as AnsibleModule would run it, over real HTTP, without Ansible's own process."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import requests
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.linkops.jira.plugins.module_utils._client import retry
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import JiraError
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.module_utils._client.outcome import Outcome
from ansible_collections.linkops.jira.plugins.module_utils._module import COMPLETED, Report, Result, given, perform

from tests.local_jira import LocalJira

SECRETS = (
    "demo-token",
    "demo-pat",
    "demo-scoped-token",
    "demo-client-secret",
    "admin-token",
    "admin-pat",
    "viewer-token",
    "viewer-pat",
    "expired-token",
    "expired-pat",
    "locked-token",
    "wrong-secret",
)
"""Whatever the tests log in with. What went over the wire is added as it is seen."""


class Sent(NamedTuple):
    method: str
    url: str
    authorization: str | None
    body: str | None

    @property
    def host(self) -> str | None:
        return urlsplit(self.url).hostname


def sentences_of(diff: Mapping[str, str], end: str) -> list[str]:
    """The sentences of one end of a diff, without the comments that follow some."""
    return [line for line in diff[end].splitlines() if not line.startswith("  ")]


class Tasks:
    """Runs tasks and remembers what was sent, and for how long a real run would have waited before a repetition."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[Sent] = []
        self.pauses: list[tuple[int, float]] = []
        """(attempt, seconds that Jira asked for) of each wait."""
        send = requests.Session.send

        def recorded(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> Any:
            if "/_sandbox/" not in str(request.url):
                body = request.body.decode() if isinstance(request.body, bytes) else request.body
                header = request.headers.get("Authorization")
                self.sent.append(Sent(str(request.method), str(request.url), header, body and str(body)))
            return send(session, request, **options)

        def backoff(attempt: int, retry_after: float = 0.0) -> float:
            self.pauses.append((attempt, retry_after))
            return 0.0

        monkeypatch.setattr(requests.Session, "send", recorded)
        monkeypatch.setattr(retry, "backoff", backoff)

    def __call__(self, module: Any, site: LocalJira | None = None, /, check: Any = False, **options: Any) -> Report:
        """The result, failures included, and the warnings.

        :param site: gives the connection options; those that are given as well win, and None takes one away.
        :param check: check mode.
        """
        given = {**(site.login() if site else {}), **options}
        params = validated(module, {name: value for name, value in given.items() if value is not None})
        if isinstance(params, str):
            return Report({"failed": True, "changed": False, "msg": params}, [])
        errors: list[Exception] = []

        def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
            try:
                outcome: Outcome[Result] = module.run(params, check_mode, jira)
            except JiraError as error:
                errors.append(error)
                raise
            errors.extend([outcome.error] if outcome.error else [])
            return outcome

        report = perform(run, params, check)
        self._assert_fit_to_print(report.result, report.warnings, errors)
        return report

    def _assert_fit_to_print(self, result: dict[str, Any], warnings: list[str], errors: list[Exception]) -> None:
        """No secret anywhere, nothing that a terminal would obey, and every failure with its particulars."""
        text = "\n".join([json.dumps(result), *warnings, *(repr((error, vars(error))) for error in errors)])
        seen = {sent.authorization.split(" ", 1)[1] for sent in self.sent if sent.authorization}
        assert not [secret for secret in {*SECRETS, *seen} if secret in text]
        assert all(line.isprintable() for line in [*warnings, result.get("msg", "")])
        if result.get("failed"):
            assert {"msg", "status", "method", "path", "support_id", "error_messages"} <= result.keys()


def validated(module: Any, options: dict[str, Any]) -> dict[str, Any] | str:
    """The options as AnsibleModule completes them, or what is wrong with them."""
    spec = {**COMPLETED, **module.ARGUMENT_SPEC}
    asked = given(options, spec, os.environ)
    result = ArgumentSpecValidator(spec, **module.CONSTRAINTS).validate(asked.options)
    params: dict[str, Any] = result.validated_parameters
    return asked.refusal or "; ".join(result.error_messages) or params
