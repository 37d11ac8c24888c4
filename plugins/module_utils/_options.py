# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's options as they were given, before ansible-core checks them. No input or output.

Once ansible-core has checked them, an option that is null and one that was left out look the same, and so do one that
the task gives and one that an environment variable gives. Both differences matter, so they are looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ansible.module_utils.common.validation import check_type_dict, check_type_list

from ._text import listed

LOGINS = (("username", "password"), ("token",), ("client_id", "client_secret"))
"""The kinds of login, each with the options that belong to it."""
VARIABLES = {
    "url": "JIRA_URL",
    "username": "JIRA_USERNAME",
    "password": "JIRA_PASSWORD",
    "token": "JIRA_TOKEN",
    "client_id": "JIRA_CLIENT_ID",
    "client_secret": "JIRA_CLIENT_SECRET",
    "cloud_id": "JIRA_CLOUD_ID",
}
"""The environment variables that complete the connection options."""
_NEVER_BLANK = "scope"  # without a value it would allow to remove anything
_PORTS = {"http": 80, "https": 443}

Spec = Mapping[str, Any]
"""An argument spec of ansible-core's."""


class Given(NamedTuple):
    """The options for ansible-core to check; what is wrong with them already; and what the user should know."""

    options: dict[str, Any]
    mistakes: list[str]
    warnings: list[str]

    @property
    def refusal(self) -> str:
        """The mistakes as one text; empty if there are none."""
        return " ".join(self.mistakes)


def given(options: Mapping[str, Any], spec: Spec, environment: Mapping[str, str]) -> Given:
    """The options without those that are null, which are left out, completed from the environment."""
    mistakes: list[str] = []
    stated = _without_nulls(options, spec, mistakes)
    completed, warnings = _completed(stated, spec, environment)
    return Given(completed, mistakes, warnings)


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
    """What of a scope has no value. A scope that is left out is wide, so nobody means that."""
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


def _completed(options: dict[str, Any], spec: Spec, environment: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The options, and with them what the environment says of the connection.

    The task, or module_defaults, decides the kind of login. The environment completes that kind and never adds another;
    its own login counts only where the task names none. An option that is given as ``""`` keeps its variable out.
    A login belongs to the site of JIRA_URL, and goes to no other.
    """
    stated = {name: options[alias] for name in VARIABLES for alias in _names(name, spec) if alias in options}
    kinds = [kind for kind in LOGINS if any(not _is_blank(stated.get(name)) for name in kind)] or LOGINS
    found = {
        name: environment[VARIABLES[name]]
        for name in ("url", "cloud_id", *(name for kind in kinds for name in kind))
        if name in spec and name not in stated and environment.get(VARIABLES[name])
    }
    home = environment.get(VARIABLES["url"])
    if not found or not home or "url" not in stated or _site(stated["url"]) == _site(home):
        return {**options, **found}, []
    unused = listed(VARIABLES[name] for name in found)
    return options, [f"The task's url is another site than JIRA_URL, so these variables are not used for it: {unused}."]


def _names(name: str, spec: Spec) -> Iterable[str]:
    return (name, *spec.get(name, {}).get("aliases", ()))


def _site(url: Any) -> tuple[Any, ...]:
    """What makes two addresses the same site: scheme, host, port and context path."""
    text = str(url).strip().rstrip("/")
    try:
        address = urlsplit(text)
        return address.scheme, address.hostname, address.port or _PORTS.get(address.scheme), address.path
    except ValueError:
        return (text,)
