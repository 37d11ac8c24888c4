# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates: how to check the server's, and which one to show it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from .._model.options import InputError
from .._text import printable


class Tls(NamedTuple):
    """How to check the server's certificate, and which one to show, as requests takes it: ``verify`` and ``cert``."""

    verify: bool | str = True
    cert: str | tuple[str, str] | None = None

    def refuse_encrypted_key(self) -> None:
        """:raises InputError: the key is encrypted. OpenSSL would ask at the terminal for its passphrase, and wait."""
        for path in (self.cert,) if isinstance(self.cert, str) else self.cert or ():
            try:
                pem = Path(path).read_bytes()
            except OSError:  # the first request tells of it
                continue
            if b"BEGIN ENCRYPTED PRIVATE KEY" in pem or b"Proc-Type: 4,ENCRYPTED" in pem:
                raise InputError(
                    f"The key in {printable(path)} is encrypted, and no option takes its passphrase. "
                    "Give it without one: openssl pkey -in KEY -out NEW_KEY."
                )
