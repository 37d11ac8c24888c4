# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads JSON strictly, and checks that it has the shape it must have. Whatever is wrong is a ValueError in one line.

A check is called with a value and with its place: `whole(0, 9)(given, "seed.projects[0].count")`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any, str], None]

DEEPEST = 100  # lists and objects inside each other; what is shallower can be walked and written again


def read_json(text: str | bytes) -> Any:
    """JSON as the standard has it: neither NaN nor infinity. Nested deeper than DEEPEST is refused, too."""
    try:
        data = json.loads(text, parse_constant=_finite, parse_float=_finite)
    except RecursionError:
        data = None
    else:
        if not _deeper_than(DEEPEST, data):
            return data
    raise ValueError(f"lists and objects are nested more than {DEEPEST} deep")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number of JSON, or too large")
    return number


def _deeper_than(levels: int, data: Any) -> bool:
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return any(levels == 0 or _deeper_than(levels - 1, each) for each in inside)


# --- checks


def _wrong(where: str, what: str, value: Any) -> ValueError:
    names = {dict: "an object", list: "a list", type(None): "null"}
    shown = names.get(type(value)) or json.dumps(value)
    return ValueError(f"{where} must be {what}, not {shown if len(shown) <= 60 else shown[:60] + '...'}")


def anything(value: Any, where: str) -> None:
    """Every value of JSON that can be written as UTF-8."""
    if isinstance(value, str):
        _require_utf8(value, where)
    for name, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        anything(name, f"a name in {where}")
        anything(each, f"{where}[{name}]")


def _require_utf8(value: str, where: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{where} must be text, but has half of a surrogate pair in it") from error


def text(value: Any, where: str) -> None:
    if not isinstance(value, str):
        raise _wrong(where, "text", value)
    _require_utf8(value, where)


def pattern(regex: str, what: str) -> Check:
    """Text that the whole of a regular expression fits."""
    compiled = re.compile(regex)

    def check(value: Any, where: str) -> None:
        text(value, where)
        if not compiled.fullmatch(value):
            raise _wrong(where, what, value)

    return check


line = pattern(r"[^\x00-\x1f\x7f]*", "text in one line")


def flag(value: Any, where: str) -> None:
    if not isinstance(value, bool):
        raise _wrong(where, "true or false", value)


def is_whole(value: Any) -> bool:
    """Whether it is a whole number. For Python, true and false are numbers, too."""
    return isinstance(value, int) and not isinstance(value, bool)


def whole(lowest: int, highest: int) -> Check:
    def check(value: Any, where: str) -> None:
        if not is_whole(value) or not lowest <= value <= highest:
            raise _wrong(where, f"a whole number from {lowest} to {highest}", value)

    return check


def number(lowest: int, highest: int) -> Check:
    def check(value: Any, where: str) -> None:
        if type(value) not in (int, float) or not lowest <= value <= highest:
            raise _wrong(where, f"a number from {lowest} to {highest}", value)

    return check


def choice(*known: str) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or value not in known:
            raise _wrong(where, f"one of {', '.join(known)}", value)

    return check


def or_null(check: Check) -> Check:
    return lambda value, where: None if value is None else check(value, where)


def list_of(each: Check) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise _wrong(where, "a list", value)
        for index, member in enumerate(value):
            each(member, f"{where}[{index}]")

    return check


def mapping(name: Check, each: Check) -> Check:
    """An object with any names."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(where, "an object", value)
        for key, member in value.items():
            name(key, f"a name in {where}")
            each(member, f"{where}.{key}")

    return check


def record(
    needed: Mapping[str, Check], optional: Mapping[str, Check] | None = None, others: Check | None = None
) -> Check:
    """An object with these names. There are others only where it is said what they must be."""
    known = {**needed, **(optional or {})}

    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(where, "a JSON object", value)
        unknown = sorted(set(value) - set(known))
        if unknown and others is None:
            raise ValueError(f"{where} has unknown parts: {', '.join(unknown)}; known are {', '.join(known)}")
        missing = [name for name in needed if name not in value]
        if missing:
            raise ValueError(f"{where} needs {' and '.join(missing)}")
        for name, member in value.items():
            known.get(name, others or anything)(member, f"{where}.{name}")

    return check
