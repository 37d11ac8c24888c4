# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is asking: Basic, Bearer, the gateway, anonymous; and how Jira takes wrong credentials."""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import NamedTuple

from ..rules.model import Account, Refusal
from ..rules.seed import Seed
from ..rules.store import Store

TOKEN_SECONDS = 3600
LOGIN_FAILED = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}


class Unauthorized(Exception):
    """The credentials are wrong, in the wrong place, or missing where Jira wants some."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        super().__init__("401")
        self.headers = headers or {}


class Caller(NamedTuple):
    """`dead`: the credentials have ended, so the caller is taken as anonymous."""

    account: Account | None
    dead: bool = False
    oauth: bool = False


ANONYMOUS = Caller(None)
EXPIRED = Caller(None, dead=True)


class Credentials:
    """What opens which account. Cloud's API tokens belong to an e-mail, Data Center also takes the user name."""

    def __init__(self, seed: Seed, store: Store) -> None:
        self._cloud = store.cloud
        self._basic: dict[tuple[str, str], Account] = {}
        self._scoped: dict[tuple[str, str], Account] = {}
        self._bearer: dict[str, Account] = {}
        self._expired: set[tuple[str, str]] = set()
        self._locked: dict[str, Account] = {}
        self._oauth: dict[str, tuple[Account, float]] = {}
        for entry in seed["accounts"]:
            self._add(entry, store.accounts[entry["name"]])
        self._clients = {
            entry["client_id"]: (entry["client_secret"], store.accounts[entry["account"]])
            for entry in seed["oauth_clients"]
        }

    def _add(self, entry: Mapping[str, list[str]], account: Account) -> None:
        for user in [account.email] if self._cloud else [account.name, account.email]:
            self._basic.update({(user, secret): account for secret in entry.get("tokens", ())})
            self._scoped.update({(user, secret): account for secret in entry.get("scoped_tokens", ())})
            self._expired.update((user, secret) for secret in entry.get("expired_tokens", ()))
            if account.captcha:
                self._locked[user] = account
        if not self._cloud:
            self._bearer.update(dict.fromkeys(entry.get("pats", ()), account))
            self._expired.update(("", token) for token in entry.get("expired_pats", ()))

    def caller(self, authorization: str | None, gateway: bool, site_url: str) -> Caller:
        """Who this is. Raises Unauthorized, or Refusal 403 where a CAPTCHA must be solved first."""
        if authorization is None:
            if gateway:
                raise Unauthorized
            return ANONYMOUS
        scheme, _other, value = authorization.partition(" ")
        if scheme.lower() == "basic":
            return self._basic_caller(_decoded(value), gateway, site_url)
        if scheme.lower() == "bearer":
            return self._bearer_caller(value.strip(), gateway)
        raise Unauthorized(LOGIN_FAILED)

    def _basic_caller(self, pair: tuple[str, str], gateway: bool, site_url: str) -> Caller:
        if pair[0] in self._locked:
            raise _captcha(site_url)
        if pair in self._expired and not gateway:
            return EXPIRED
        account = (self._scoped if gateway else self._basic).get(pair)
        if account is None:
            raise Unauthorized(LOGIN_FAILED)
        return Caller(account)

    def _bearer_caller(self, token: str, gateway: bool) -> Caller:
        """Cloud takes a Bearer only at the gateway (OAuth), Data Center only personal access tokens."""
        if ("", token) in self._expired:
            return EXPIRED
        if gateway:
            account, ends = self._oauth.get(token, (None, 0.0))
            if account and time.monotonic() < ends:
                return Caller(account, oauth=True)
        elif token in self._bearer:
            return Caller(self._bearer[token])
        raise Unauthorized(LOGIN_FAILED)

    def issue_token(self, client_id: str, client_secret: str) -> str | None:
        """A new access token for an OAuth client, or None if its secret is wrong."""
        secret, account = self._clients.get(client_id, ("", None))
        if account is None or not hmac.compare_digest(secret.encode(), client_secret.encode("utf-8", "replace")):
            return None
        token = secrets.token_urlsafe(24)
        self._oauth[token] = (account, time.monotonic() + TOKEN_SECONDS)
        return token

    def expire_tokens(self) -> int:
        """Every OAuth access token ends now; returns how many there were."""
        ended = len(self._oauth)
        self._oauth.clear()
        return ended


def _decoded(value: str) -> tuple[str, str]:
    try:
        user, colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:  # it is no Base64, or no text
        raise Unauthorized(LOGIN_FAILED) from None
    if not colon:
        raise Unauthorized(LOGIN_FAILED)
    return user, secret


def captcha_headers(site_url: str) -> dict[str, str]:
    return {
        "X-Seraph-LoginReason": "AUTHENTICATION_DENIED",
        "X-Authentication-Denied-Reason": f"CAPTCHA_CHALLENGE; login-url={site_url}/login.jsp",
    }


def _captcha(site_url: str) -> Refusal:
    return Refusal(403, "Log in through the web interface first: a CAPTCHA waits.", headers=captcha_headers(site_url))
