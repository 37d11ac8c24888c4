# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all modules share: connection options, and the one place that ends a module."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, NoReturn

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.validation import check_type_dict, check_type_list

from ._client.connect import LOGINS, anonymous, completed, connect, insecure, login_advice, misplaced_secrets
from ._client.errors import JiraError, Unauthorized
from ._client.jira import Jira
from ._client.outcome import Outcome
from ._client.site import Site
from ._model.options import SAID_WITH, InputError
from ._text import misspelt, printable

Result = dict[str, Any]
"""What a module returns, by the names of its RETURN."""
Run = Callable[[Mapping[str, Any], bool, Jira], Outcome[Result]]
"""``run(params, check_mode, jira)`` returns a module's result, and with it the error that ended it, if any.

It may raise InputError or JiraError instead as long as nothing was written."""
Spec = Mapping[str, Any]
"""An argument spec of ansible-core's."""
# What an empty value of these says is documented. Of all other options, it is a mistake.
_EMPTY_TEXTS = frozenset(
    [
        *(name for kind in LOGINS for name in kind),
        *("api_token", "cloud_id", "ca_path", "client_cert", "client_key"),
        "comment",
        *(
            "summary",
            "relationship",
            "icon_url",
            "icon_title",
            "status_icon_url",
            "application.name",
            "application.type",
        ),
    ]
)
_EMPTY_LISTS = frozenset(["issues", "links", "sentences", "approved_changes"])
_SHAPES: dict[str, type] = {"list": list, "dict": Mapping}
_QUOTES = "A colon with a space behind it makes a dict of a sentence: put the sentence in quotes."
_MOVING_OVER = "That is an option of community.general.jira: README.md of this collection says what becomes of it."
_ARTICLES = {"list": "a list", "dict": "a dict", "str": "text", "path": "text"}
_TYPES_LAST = 60.0  # seconds
"""How long the items of a loop take the link types for what one of them has read."""
ELSEWHERE = (
    "Or let the task run where Ansible runs: delegate_to: localhost, and run_once: true if the play has many hosts."
)
# Documented in doc_fragments/connection.py; the environment completes them, see _client/connect.py.
CONNECTION: dict[str, Any] = {
    "url": {"type": "str", "aliases": ["uri"]},
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
COMPLETED: dict[str, Any] = {**CONNECTION, "url": {**CONNECTION["url"], "required": True}}
"""The same, once the environment has completed them. Then url has to be there; an editor must not ask for it."""
LINK: dict[str, Any] = {
    "sentence": {"type": "str"},
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
    """Leave out the options that are null, refuse those that are empty or unknown, and complete the connection.

    This has to come before ansible-core checks the options: after that, an option that is null and one that was left
    out look the same, and so do one that the task gives and one that the environment gives.
    """
    mistakes: list[str] = []
    stated = _stated(options, spec, mistakes)
    options, warnings = completed(stated, spec, environment)
    return Given(dict(options), list(dict.fromkeys(mistakes)), warnings)


def by_every_name(spec: Spec) -> dict[str, Spec]:
    """The options of an argument spec by their names and aliases."""
    return {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}


def _stated(options: Mapping[str, Any], spec: Spec, mistakes: list[str], place: str = "") -> dict[str, Any]:
    """The options that say something, at every depth that the spec knows. One that is a mistake is left out, too."""
    known = by_every_name(spec)
    kept, unknown = {}, []
    for name, value in options.items():
        here, before = f"{place}{name}", len(mistakes)
        if name.startswith("_ansible_"):  # Ansible's own
            kept[name] = value
        elif name not in known:
            kept[name] = None  # its value may be a password under a misspelt name
            unknown.append(name)
        elif value is not None or _limits(here):
            said = _value(value, known[name], mistakes, here)
            kept.update({name: said} if len(mistakes) == before else {})
    if unknown:
        mistakes.append(_unsupported(unknown, spec, re.sub(r"\[\d+\]|\.$", "", place)))
    return kept


def _value(value: Any, option: Spec, mistakes: list[str], place: str) -> Any:
    """What an option, or an element of a list, says."""
    value, told = _converted(value, option), value
    mistake = _mistake(value, option, place)
    if mistake:
        mistakes.append(f"{place} {mistake}")
    elif isinstance(value, str) and not value.strip():
        return ""
    elif isinstance(value, list) and option.get("type") == "list":
        element = {**option, "type": option.get("elements"), "required": False}
        said = [_value(each, element, mistakes, f"{place}[{index}]") for index, each in enumerate(value)]
        return said if value is told else told  # ansible-core makes a list of a text in the same way
    elif isinstance(value, Mapping) and "options" in option:
        before, stated = len(mistakes), _stated(value, option["options"], mistakes, f"{place}.")
        if value and not stated and len(mistakes) == before:  # all that it has is null
            return _value({}, option, mistakes, place)
        return stated
    return value


def _converted(value: Any, option: Spec) -> Any:
    """Text as the dict or list that ansible-core will make of it; if it is none, it stays text."""
    convert = {"dict": check_type_dict, "list": check_type_list}.get(option.get("type", "str"))
    if not convert or not isinstance(value, str) or not value.strip():
        return value
    try:
        return convert(value)
    except (TypeError, ValueError):
        return value


def _mistake(value: Any, option: Spec, place: str) -> str:
    """What is wrong with a value: it is null or empty and means nothing, or is of another shape. Empty if it is right.

    ansible-core would make text of a list, and cannot bear some values that are no dict.
    """
    if _is_blank(value) if _limits(place) else value is None or _is_empty(value):
        if _means_something(value, option, place):
            return ""
        state = "null" if value is None and not _limits(place) else "empty"
        return f"is {state}. {_instead(option, place)}"
    wanted = option.get("type") or "str"
    shape = next((name for name, kind in _SHAPES.items() if isinstance(value, kind)), "")
    if wanted in (shape, "raw") or not (shape or wanted == "dict"):
        return ""
    is_text = isinstance(value, str)
    found = _ARTICLES.get(shape, "text" if is_text else "something else")
    a_sentence = is_text and "sentence" in option.get("options", {})
    hint = " If it is a sentence, it belongs in sentences." if a_sentence else ""
    if shape == "dict" and place.startswith("sentences["):
        hint = f" {_QUOTES}"
    return f"has to be {_ARTICLES.get(wanted, 'a single value')}, and is {found}.{hint}"


def _is_blank(value: Any) -> bool:
    return value is None or _is_empty(value) or (isinstance(value, list) and any(map(_is_blank, value)))


def _is_empty(value: Any) -> bool:
    return value in ([], {}) or (isinstance(value, str) and not value.strip())


def _means_something(value: Any, option: Spec, place: str) -> bool:
    """Whether an empty value is one that the documentation of the option explains, or the default.

    In a list of dicts, the module says what is empty: together with all other mistakes of the list.
    """
    if value is None:
        return False
    explained = _EMPTY_TEXTS if isinstance(value, str) else _EMPTY_LISTS if isinstance(value, list) else ()
    in_element = "]." in place and option.get("type", "str") == "str" and isinstance(value, str)
    element = place.endswith("]") and "options" in option and value == {}
    return place.rpartition("].")[2] in explained or value == option.get("default") or in_element or element


def _limits(place: str) -> bool:
    """Whether an option is a limit, or in one: if it were left out, more could be done."""
    return place.partition(".")[0] in ("scope", "approved_changes")


def _instead(option: Spec, place: str) -> str:
    """What to do about an option without a value."""
    if _limits(place):
        return "It limits what may be done, so give it a value: perhaps a variable has none."
    if place.endswith("]"):
        return "Give it a value, or take it out of the list."
    return (
        "Give it a value: perhaps a variable has none."
        if option.get("required")
        else "Give it a value, or leave it out."
    )


def _unsupported(names: Iterable[str], spec: Spec, place: str) -> str:
    """The message about options that are not there, with those that may be meant."""
    told = ", ".join(misspelt(name, by_every_name(spec)) for name in sorted(names))
    supported = ", ".join(
        f"{name} ({', '.join(option['aliases'])})" if "aliases" in option else name
        for name, option in sorted(spec.items())
    )
    return (
        f"Unsupported parameters{f' in {place}' if place else ''}: {told}. {_why(names)}"
        f"Supported parameters include: {supported}."
    )


def _why(names: Iterable[str]) -> str:
    """How options come about that are not there: out of a sentence, or from the module that this one replaces."""
    if any(re.match(r"\w+-[0-9]+( |$)", str(name)) for name in names):
        return f"{_QUOTES} "
    return f"{_MOVING_OVER} " if "operation" in names else ""


class Module(AnsibleModule):
    given = Given({}, [], [])
    """The options as they were given."""

    def _load_params(self) -> None:
        super()._load_params()
        self.argument_spec = {**self.argument_spec, **COMPLETED}
        self.given = given(self.params, self.argument_spec, os.environ)
        self.params = self.given.options

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        super().fail_json(self.given.refusal or hinted(msg), **kwargs)

    def add_path_info(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Nothing: AnsibleModule takes a result's ``path`` for a file, and ours is the one of a request."""
        return kwargs


def hinted(msg: str) -> str:
    """Ansible's message about missing options or too many, with a hint: about JIRA_URL, or the ways to say a link."""
    what, _colon, names = msg.partition(": ")
    if what == "missing required arguments" and "url" in names.split(", "):
        return f"{msg}. JIRA_URL in the environment gives it too."
    of_a_link = {"sentence", "linked_issue", "inward_issue"} & set(re.split(", |[|]", names))
    return f"{msg}. {SAID_WITH}; and with one of these ways only." if of_a_link else msg


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
        jira.forget_link_types(older_than=_TYPES_LAST)
        outcome = run(params, check_mode, jira)
    except InputError as error:
        outcome = Outcome({"changed": False, **error.to_result()}, JiraError(str(error)))
    except JiraError as error:
        outcome = Outcome({"changed": False}, error)
    finally:
        if jira:
            jira.http.end_run()
    result = {"changed": False, **outcome.done}
    if outcome.error:
        if jira:
            jira.forget_link_types()  # for the next attempt, if there is one
        result.update(outcome.error.to_result(), failed=True)
        if jira and jira.http.sent and anonymous(params):
            result["msg"] += " The request was anonymous: no credentials were given."
        elif jira and Unauthorized.advice in outcome.error.message:
            result["msg"] += f" {login_advice(params, jira.site.cloud)}"
    warnings = [*insecure(params), *jira.warnings] if jira else []
    return Report(result, list(map(printable, warnings)))
