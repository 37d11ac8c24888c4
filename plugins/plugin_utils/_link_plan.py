# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan files: the changes that a run in check mode would make, for which site and from which declaration."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..module_utils._model.options import InputError, as_element
from ..module_utils._text import printable
from ._lines import decoded

FORMAT = 1
"""The version of the format of plan files."""
_SAYS = ("state", "scope", "exclusive", "acyclic")
"""What of a declaration counts beside its links. Where an element comes from, and how fast to write, does not."""
_NEW_PLAN = "Make a new plan and have it approved."


def plan_header(declaration: Mapping[str, Any], site: str) -> dict[str, Any]:
    """What a plan file says beside its changes: format, site, and a SHA-256 of the declaration.

    :param declaration: options of jira_issue_links; one that is not set is missing or null.
    :param site: the ``baseUrl`` of the site's serverInfo.
    """
    said = {
        "links": _in_order(map(_without_origin, declaration.get("links") or ())),
        **{name: _canonical(declaration[name]) for name in _SAYS if declaration.get(name)},
    }
    text = json.dumps(said, sort_keys=True)
    return {"format": FORMAT, "site": site, "declaration": hashlib.sha256(text.encode()).hexdigest()}


def _without_origin(link: Any) -> Any:
    element = as_element(link)
    if not isinstance(element, Mapping):
        return element
    return {name: value for name, value in element.items() if name != "origin" and value is not None}


def _canonical(value: Any) -> Any:
    """A value in which the order of a list does not count."""
    if isinstance(value, Mapping):
        return {name: _canonical(inner) for name, inner in value.items() if inner is not None}
    return _in_order(value) if isinstance(value, (list, tuple)) else value


def _in_order(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=lambda value: json.dumps(value, sort_keys=True))


def approved_changes(path: str, data: bytes, header: Mapping[str, Any]) -> list[Any]:
    """The changes of an approved plan file.

    :param data: what is in the file.
    :param header: what it has to say beside them: see `plan_header`.
    :raises InputError: it is no plan file, or one of another site or another declaration.
    """
    try:
        plan = json.loads(decoded(data))
    except (InputError, RecursionError, ValueError):
        plan = None
    changes = plan.get("changes") if isinstance(plan, dict) else None
    if not isinstance(changes, list):
        made = "A check writes one, as JSON, to the file that issue_links_plan_file names."
        raise InputError(f"{printable(path)} is no plan file. {made}")
    for name, what in (("format", "of another format"), ("site", "for another site"), ("declaration", "")):
        found, wanted = plan.get(name), header[name]
        if found != wanted:
            why = f"{what}: {printable(found)} and not {printable(wanted)}" if what else "of another declaration"
            raise InputError(f"{printable(path)} is a plan {why}. Nothing was written. {_NEW_PLAN}")
    return changes
