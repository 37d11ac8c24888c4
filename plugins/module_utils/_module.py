# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all modules share: connection options, and the one place that ends a module."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.validation import check_type_dict, check_type_list

from ._client.connect import anonymous, completed, connect, insecure, misplaced_secrets
from ._client.errors import JiraError
from ._client.jira import Jira, Site
from ._client.outcome import Outcome
from ._model.options import InputError
from ._text import printable

Result = dict[str, Any]
"""What a module returns, by the names of its RETURN."""
Run = Callable[[Mapping[str, Any], bool, Jira], Outcome[Result]]
"""``run(params, check_mode, jira)`` returns a module's result, and with it the error that ended it, if any.

It may raise InputError or JiraError instead as long as nothing was written."""
Spec = Mapping[str, Any]
"""An argument spec of ansible-core's."""
ELSEWHERE = (
    "Or let the task run where Ansible runs: delegate_to: localhost, and run_once: true if the play has many hosts."
)
_NEVER_BLANK = "scope"  # without a value it would allow to remove anything
# Documented in doc_fragments/connection.py; the environment completes them, see _client/connect.py.
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


class Given(NamedTuple):
    """A task's options as ansible-core shall check them, mistakes that are known already, and warnings."""

    options: dict[str, Any]
    mistakes: list[str]
    warnings: list[str]

    @property
    def refusal(self) -> str:
        """The mistakes as one text; empty if there are none."""
        return " ".join(self.mistakes)


def given(options: Mapping[str, Any], spec: Spec, environment: Mapping[str, str]) -> Given:
    """Leave out the options that are null, and complete the connection from the environment.

    This has to come before ansible-core checks the options: after that, an option that is null and one that was left
    out look the same, and so do one that the task gives and one that the environment gives.
    """
    mistakes: list[str] = []
    stated = _without_nulls(options, spec, mistakes)
    options, warnings = completed(stated, spec, environment)
    return Given(dict(options), mistakes, warnings)


def _without_nulls(options: Mapping[str, Any], spec: Spec, mistakes: list[str], place: str = "") -> dict[str, Any]:
    """The options that have a value, at every depth that the spec knows. What it does not know stays as it is."""
    known = {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    kept = {}
    for name, value in options.items():
        option, here = known.get(name), f"{place}{name}"
        if name == _NEVER_BLANK and option:
            blanks = list(_blanks(here, _converted(value, option), option))
            mistakes += blanks
            kept.update({} if blanks else {name: value})
        elif value is not None or not option:
            kept[name] = _value(value, option or {}, mistakes, here)
    return kept


def _value(value: Any, option: Spec, mistakes: list[str], place: str) -> Any:
    value = _converted(value, option) if "options" in option else value
    if option.get("type") == "list" and isinstance(value, list):
        mistakes += [
            f"{place}[{index}] is null. Give it a value, or take it out of the list."
            for index, element in enumerate(value)
            if element is None
        ]
        element_spec = {**option, "type": option.get("elements")}
        return [_value(element, element_spec, mistakes, f"{place}[{index}]") for index, element in enumerate(value)]
    if "options" in option and isinstance(value, Mapping):
        return _without_nulls(value, option["options"], mistakes, f"{place}.")
    return value


def _converted(value: Any, option: Spec) -> Any:
    """Text as the dict or list that ansible-core will make of it; if it is none, that is for ansible-core to say."""
    convert = {"dict": check_type_dict, "list": check_type_list}.get(option.get("type", "str"))
    if not convert or not isinstance(value, str):
        return value
    try:
        return convert(value)
    except (TypeError, ValueError):
        return value


def _blanks(place: str, value: Any, option: Spec) -> Iterator[str]:
    """Mistakes about parts of a scope that have no value: left out, they would allow to remove more."""
    if _is_blank(value):
        yield f"{place} is empty. It limits what may be removed, so give it a value: perhaps a variable has none."
    elif isinstance(value, Mapping):
        for name, sub in option.get("options", {}).items():
            if name in value:
                yield from _blanks(f"{place}.{name}", _converted(value[name], sub), sub)


def _is_blank(value: Any) -> bool:
    if isinstance(value, list):
        return not value or any(map(_is_blank, value))
    return value is None or value == {} or (isinstance(value, str) and not value.strip())


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
    """Ansible's message about missing options, with a hint about JIRA_URL where ``url`` is missing."""
    names = msg.removeprefix("missing required arguments: ")
    return f"{msg}. JIRA_URL in the environment gives it too." if names != msg and "url" in names.split(", ") else msg


def missing_package() -> str:
    """How to get the package requests for this Python; empty if it is there."""
    if importlib.util.find_spec("requests"):
        return ""
    python = sys.executable
    missing = f"The Python package requests is missing for {python} on {platform.node()}."
    return f"{missing} Install it there: {python} -m pip install requests."


def run_module(run: Run, argument_spec: Mapping[str, Any], **constraints: Any) -> None:
    """A module's whole main(): check the options, run, and end with a result or a failure.

    :param constraints: AnsibleModule's own, such as mutually_exclusive.
    """
    module = Module({**CONNECTION, **argument_spec}, supports_check_mode=True, **constraints)
    module.no_log_values.update(misplaced_secrets(module.params))
    if module.given.refusal:
        module.fail_json(msg=module.given.refusal)
    missing = missing_package()
    if missing:
        module.fail_json(msg=f"{missing} {ELSEWHERE}")
    result, warnings = perform(run, module.params, module.check_mode)
    for warning in [*module.given.warnings, *warnings]:
        module.warn(warning)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


class Report(NamedTuple):
    """What a module reports, failures included, and its warnings."""

    result: Result
    warnings: list[str]


def perform(
    run: Run,
    params: Mapping[str, Any],
    check_mode: bool,
    find_site: Callable[[Mapping[str, Any]], Site] = connect,
    progress: Callable[[Any], None] = lambda progress: None,
) -> Report:
    """Run a module against the Jira that its connection options name.

    :param find_site: the site for these options, which may be one that is known already.
    :param progress: told about once a second how far a long run is.
    """
    jira: Jira | None = None
    try:
        jira = Jira(find_site(params), progress)
        outcome = run(params, check_mode, jira)
    except (InputError, JiraError) as error:
        outcome = Outcome({"changed": False}, error if isinstance(error, JiraError) else JiraError(str(error)))
    result = {"changed": False, **outcome.done}
    if outcome.error:
        result.update(outcome.error.to_result(), failed=True)
        if jira and jira.http.sent and anonymous(params):
            result["msg"] += " The request was anonymous: no credentials were given."
    warnings = [*insecure(params), *jira.warnings] if jira else []
    return Report(result, list(map(printable, warnings)))
