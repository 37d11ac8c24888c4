# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the arguments of filters and lookups: null is one that is left out, and what is empty is refused. Pure."""

from __future__ import annotations

import json
from typing import Any

from ..module_utils._model.options import InputError, refuse_empty

_TRUE, _FALSE = ("true", "yes", "on", "1", "y", "t"), ("false", "no", "off", "0", "n", "f")


def plain(value: Any) -> Any:
    """The value as it would be after its way to a module, which is JSON: no vault, no marks of trust, no templates."""
    return json.loads(json.dumps(value, default=str))


def text_in(value: Any, name: str, default: str) -> str:
    """A text that says something.

    :raises InputError: it is empty, or no text.
    """
    if value is None:
        return default
    if not isinstance(value, str):
        raise InputError(f"{name} has to be text.")
    refuse_empty({name: value}, name)
    return value


def flag_in(value: Any, name: str, default: bool) -> bool:
    """A truth value, also in one of the words that Ansible takes for one.

    :raises InputError: it is neither true nor false.
    """
    if value is None:
        return default
    word = str(value).casefold()
    if word not in _TRUE + _FALSE:
        raise InputError(f"{name} has to be true or false.")
    return word in _TRUE


def names_in(value: Any, name: str) -> list[str]:
    """A list of names, also where a single one is given.

    :raises InputError: it is something else, or one of them is empty.
    """
    names = [value] if isinstance(value, (str, int)) else [] if value is None else value
    if not isinstance(names, (list, tuple)) or not all(isinstance(each, (str, int)) for each in names):
        raise InputError(f"{name} has to be a list of texts.")
    if not all(str(each).strip() for each in names):
        raise InputError(f"{name} is empty, or one of its elements is. Give it a value, or leave it out.")
    return list(map(str, names))
