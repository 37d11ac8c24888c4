# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of the REST API, as its handler sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from multidict import MultiMapping

from ..rules.model import BAD_PAYLOAD, Account, Issue, Refusal, digits
from ..rules.shapes import read_json
from ..rules.store import Store
from .render import Renderer
from .site import Site

BAD_JSON = "There was an error parsing JSON. Check that your request body is valid."


class Misfit(Exception):
    """A request that fits no handler: no such address (404), a wrong method (405), media type (415) or body (400)."""

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.headers = headers or {}


def refuse_unknown(fields: dict[str, Any], known: tuple[str, ...]) -> None:
    """As Jira's parser does."""
    for name in fields:
        if name not in known:
            raise Refusal(400, f'Unrecognized field "{name}", not marked as ignorable (known: {", ".join(known)})')


@dataclass(frozen=True)
class Call:
    """`args` are the variable parts of the path, in order; `silent`: the credentials are dead and nothing says so."""

    site: Site
    account: Account | None
    render: Renderer
    query: MultiMapping[str]
    body: bytes
    args: list[str]
    silent: bool = False

    @property
    def store(self) -> Store:
        return self.site.store

    @property
    def version(self) -> int:
        return self.render.version

    def count_write(self, *issues: str) -> None:
        """Count a write to each of these issues (keys or ids) where limits hold. A link writes to both of its ends."""
        if self.store.cloud and self.site.settings["limits"]:
            found = (self.store.find(name) for name in issues)
            self.site.limits.write_to(issue.id for issue in found if issue)

    def payload(self, *known: str) -> dict[str, Any]:
        """The body, a JSON object. With `known`, any other field is refused as Jira's parser does."""
        try:
            payload = read_json(self.body)
        except ValueError:
            raise Misfit(400) from None
        if not isinstance(payload, dict):
            raise Refusal(400, BAD_PAYLOAD)
        if known:
            refuse_unknown(payload, known)
        return payload

    def whole_number(self, name: str, default: int) -> int:
        value = self.query.get(name)
        if value is None:
            return default
        number = digits(value.removeprefix("-"))
        if number is None:
            raise Refusal(400, f"The value '{value}' of '{name}' is not a number.")
        return -number if value.startswith("-") else number

    def issue(self) -> Issue:
        """The issue that the path names."""
        return self.store.visible(self.account, self.args[0])
