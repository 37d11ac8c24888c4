# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takes credentials out of texts that servers answer: some repeat what was sent to them. No input or output."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

_HIDDEN = "********"
_SHORTEST = 4  # characters: a shorter one is part of too many words


class Secrets:
    """Credentials in all the forms in which a server may repeat them: as they are, in URLs, HTML, JSON and base64."""

    def __init__(self, values: Iterable[str | None] = ()) -> None:
        self._forms: list[str] = []
        for value in values:
            self.add(value)

    def __repr__(self) -> str:
        return "Secrets()"  # never what they are

    def add(self, value: str | None) -> None:
        for text in (value or "", (value or "").strip()):
            encoded = text.encode("utf-8", "surrogateescape")
            in_json = json.dumps(text)[1:-1]
            forms = {
                text,
                quote(encoded, safe=""),
                quote(encoded),
                quote_plus(encoded),
                html.escape(text),
                html.escape(text, quote=False),
                html.escape(text).replace("&#x27;", "&#39;"),
                in_json,
                in_json.replace("/", "\\/"),
                json.dumps(text, ensure_ascii=False)[1:-1],
                base64.b64encode(encoded).decode(),
            }
            new = {form for form in forms if len(form) >= _SHORTEST}.difference(self._forms)
            if new:  # what is known already, as for the connections of other threads, changes nothing
                self._forms = sorted([*self._forms, *new], key=len, reverse=True)

    def hidden(self, text: str) -> str:
        """The text with the credentials replaced by asterisks, longest first: one may be part of another."""
        for form in self._forms:
            text = text.replace(form, _HIDDEN)
        return text


def user_info(url: str) -> set[str]:
    """The credentials inside a url, as a whole and each of them, even where it is none that can be parsed."""
    found = re.match(r"(?:[^@]*?//?)?([^@].*)@", url, re.S)
    return {part for part in (found[1], *found[1].split(":", 1)) if part} if found else set()
