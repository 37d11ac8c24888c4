# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a site out of connection options: address, kind of login, gateway. No credential gets into an error."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from math import isfinite
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from .._model.options import InputError
from .._text import listed, printable
from .credentials import Secrets, user_info
from .errors import BadRequest, Forbidden, JiraError, NotFound, ServerError, Unauthorized
from .http_client import Authentication, Http
from .site import Site
from .tls import Tls

_BEYOND = re.compile(r"(/browse/|/rest/|[?#]).*")
_CLOUD_HOSTS = (".atlassian.net", ".jira.com", ".jira-dev.com")
_LIFETIME, _EARLY = 3600.0, 60.0
"""Seconds that an access token is used if nobody says how long, and before its end, when it is no longer used."""
_CLOUD_ID = re.compile(r"[\w-]+", re.ASCII)
_LONGEST_TIMEOUT = 24 * 3600.0  # seconds
_ADDRESSES = ("url", "oauth_url", "gateway_url")
_PORTS = {"http": 80, "https": 443}
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
API_TOKEN = "JIRA_API_TOKEN"
"""Completes ``password`` where JIRA_PASSWORD does not, and only beside a user name: alone it may be any token."""


class FixedHeader(NamedTuple):
    """An Authorization header that stays the same: Basic or Bearer, or none for anonymous requests."""

    value: str | None = None

    def __repr__(self) -> str:
        return "FixedHeader()"  # never the credential

    @property
    def anonymous(self) -> bool:
        return self.value is None

    def header(self) -> str | None:
        return self.value


class ClientCredentials:
    """OAuth 2.0 client credentials: an access token, fetched when first needed and again before it ends."""

    anonymous = False

    def __init__(self, http: Http, client_id: str, client_secret: str) -> None:
        self._http = http
        self._form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        self._token, self._good_until = "", 0.0
        self._lock = threading.Lock()

    def header(self) -> str | None:
        with self._lock:
            if time.monotonic() >= self._good_until:
                self._fetch()
        return f"Bearer {self._token}"

    def _fetch(self) -> None:
        asked = time.monotonic()
        try:
            answer = self._http.request("POST", "", data=self._form, about="the OAuth client").data
        except (BadRequest, Unauthorized, Forbidden) as error:
            raise error.explained("The token service refused client_id with client_secret. Check both.") from None
        except (NotFound, ServerError) as error:  # its words are left out, for they may be the token
            raise JiraError(
                f"The token service answered with status {error.status} and no token. Check oauth_url.",
                method=error.method,
                path=error.path,
                status=error.status,
            ) from None
        said = answer.get("access_token") if isinstance(answer, dict) else None
        token = said.strip() if isinstance(said, str) else ""
        if not _can_be_sent(token):
            raise JiraError("The token service answered without an access token. Check oauth_url.")
        self._http.secrets.add(token)
        self._token = token
        self._good_until = asked + _number(answer.get("expires_in"), _LIFETIME) - _EARLY


def completed(
    options: dict[str, Any], spec: Mapping[str, Any], environment: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Complete the connection options from environment variables.

    The task, or module_defaults, decides the kind of login. The environment completes that kind and never adds another;
    its own login counts only where the task names none. An option that is given as ``""`` keeps its variable out.
    A login belongs to the site of JIRA_URL, and goes to no other, and through no gateway that only the task knows.
    """
    stated = {name: options[alias] for name in spec for alias in _names(name, spec) if alias in options}
    found = {name: variable for name, variable in _variables(stated, environment).items() if name in spec}
    whole = {**options, **{name: environment[variable] for name, variable in found.items()}}
    home = environment.get(VARIABLES["url"], "").strip()
    unused = [name for name in found if name != "url"]
    foreign = _foreign({**whole, **stated}, spec, home) if home and unused else None
    if not foreign:
        return whole, []
    warning = (
        f"The task's {foreign} is another site than JIRA_URL, so these variables are not used for it: "
        f"{listed(found[name] for name in unused)}."
    )
    return {name: value for name, value in whole.items() if name not in unused}, [warning]


def _variables(stated: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that complete what a task states, by their options."""
    kinds = [kind for kind in LOGINS if any(_says_something(stated.get(name)) for name in kind)] or LOGINS
    found: dict[str, str] = {}
    for name in ("url", "cloud_id", *(name for kind in kinds for name in kind)):
        user = _says_something(stated.get("username", found.get("username")))
        named = [VARIABLES[name], *([API_TOKEN] if name == "password" and user else [])]
        variable = next((each for each in named if _says_something(environment.get(each))), None)
        if variable and name not in stated:
            found[name] = variable
    return found


def _foreign(options: Mapping[str, Any], spec: Mapping[str, Any], home: str) -> str | None:
    """The option that would take a login neither to its home site nor to Atlassian, which serves all sites of Cloud."""
    if _home(options["url"]) != _home(home):
        return "url"
    oauth = _says_something(options.get("client_id"))
    gateway = oauth or _says_something(options.get("cloud_id"))
    for name in (*(["gateway_url"] if gateway else []), *(["oauth_url"] if oauth else [])):
        known = (spec[name]["default"], home)
        if not any(_is_below(options.get(name, known[0]), each) for each in known):
            return name
    return None


def _is_below(address: Any, other: str) -> bool:
    """Whether an address is another one, or below it."""
    (*place, path), (*other_place, other_path) = _home(address), _home(other)
    return place == other_place and f"{path}/".startswith(f"{other_path}/")


def _says_something(value: Any) -> bool:
    return value is not None and bool(str(value).strip())


def _names(name: str, spec: Mapping[str, Any]) -> Iterable[str]:
    return (name, *spec.get(name, {}).get("aliases", ()))


def _home(url: Any) -> tuple[Any, ...]:
    """Scheme, host, port and context path of an address: two addresses with the same ones are the same site."""
    text = str(url).strip().rstrip("/")
    try:
        address = urlsplit(text)
        return address.scheme, address.hostname, address.port or _PORTS.get(address.scheme), address.path
    except ValueError:
        return (text,)


def connect(params: Mapping[str, Any]) -> Site:
    """The site that the connection options describe. Only ``cloud_id: auto`` sends a request here.

    :raises InputError: the options cannot be right.
    :raises JiraError: the site's cloud id could not be looked up.
    """
    if not 0 < params["timeout"] <= _LONGEST_TIMEOUT or params["retries"] < 0:
        raise InputError("timeout has to be more than 0 seconds and at most a day, and retries 0 or more.")
    site, host = _site(params["url"])
    oauth_url = _address("oauth_url", params["oauth_url"])[0]
    gateway = _address("gateway_url", params["gateway_url"])[0]
    on_cloud = host.endswith(_CLOUD_HOSTS)
    tls = Tls(params["validate_certs"] and (params["ca_path"] or True), _certificate(params))
    secrets = Secrets(params[name] for name in ("password", "token", "client_secret"))

    def http(base_url: str, auth: Authentication) -> Http:
        return Http(base_url, auth, tls, secrets, params["timeout"], params["retries"])

    auth = _authentication(params, oauth_url, http)
    if isinstance(auth, FixedHeader) and auth.value:
        secrets.add(auth.value.partition(" ")[2])
    # OAuth works through Cloud's gateway only, so the id is looked up even where nobody asked.
    cloud_id = params["cloud_id"] or ("auto" if params["client_id"] else None)
    if cloud_id == "auto":
        cloud_id = _look_up_cloud_id(http(site, FixedHeader()))
    base = f"{gateway}/{quote(cloud_id, safe='')}" if cloud_id else site
    api_version = None if params["api_version"] == "auto" else params["api_version"]
    cloud = None
    if cloud_id or on_cloud or api_version == "3":  # only Cloud has v3
        cloud = True
    elif api_version:  # someone who says 2 most likely has a Data Center; the search endpoint tells if not
        cloud = False
    return Site(http(base, auth), cloud, api_version)


def insecure(params: Mapping[str, Any]) -> list[str]:
    """Warnings about addresses without encryption (plain http) to which credentials would be sent."""
    if not (params["password"] or params["token"] or params["client_secret"]):
        return []
    oauth, cloud_id = params["client_id"], params["cloud_id"]
    asked = {
        "url": cloud_id in (None, "", "auto"),  # perhaps for the cloud id only, but that leads the credentials
        "gateway_url": cloud_id or oauth,
        "oauth_url": oauth,
    }
    addresses = {urlsplit(params[name]) for name, used in asked.items() if used}
    return [
        f"{address.hostname} is asked over plain http, so anybody on the way can get at the credentials."
        for address in sorted(addresses)
        if address.scheme == "http" and not _is_loopback(address.hostname or "")
    ]


def anonymous(params: Mapping[str, Any]) -> bool:
    return not (params["username"] or params["token"] or params["client_id"])


def login_advice(params: Mapping[str, Any], cloud: bool | None) -> str:
    """What to look at if Jira does not accept a login of this kind.

    :param cloud: whether it is Jira Cloud; None if that is not known.
    """
    if params["client_id"]:
        return "Check client_id and client_secret, and that this OAuth client may use the site."
    if params["token"]:
        on_cloud = "On Jira Cloud, an API token goes into password, with an e-mail address as username."
        return on_cloud if cloud else f"Perhaps the token has expired.{'' if cloud is False else f' {on_cloud}'}"
    on_cloud = "username has to be an e-mail address and password an API token"
    scoped = "and its scopes have to suffice" if params["cloud_id"] else "and a scoped one needs cloud_id: auto"
    on_data_center = "A personal access token goes into token, without username and password."
    if cloud is None:
        return f"On Jira Cloud, {on_cloud}, {scoped}. On Data Center: {on_data_center}"
    return f"On Jira Cloud, {on_cloud}, {scoped}." if cloud else on_data_center


def misplaced_secrets(params: Mapping[str, Any]) -> set[str]:
    """Credentials inside addresses such as ``https://me:secret@host``. They are refused, and must not be printed."""
    return {secret for name in _ADDRESSES for secret in user_info(str(params.get(name)))}


def _address(name: str, url: str) -> tuple[str, str]:
    """The address without a slash at its end, and its host."""
    text = url.strip().rstrip("/")
    if user_info(text):
        raise InputError(f"{name} must not contain credentials. Use username and password, or token.")
    try:
        address = urlsplit(text)
        host = address.hostname if address.scheme in ("http", "https") and address.port != 0 else None
    except ValueError:
        host = None
    if not host or ".." in host:
        raise InputError(f"{name} has to begin with https:// (or http://) and a host name.")
    return text, host


def _site(url: str) -> tuple[str, str]:
    site, host = _address("url", url)
    beyond = _BEYOND.search(site)
    if beyond:
        raise InputError(f"url has to be the address of the Jira itself, without {printable(beyond[0])!r}.")
    return site, host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _certificate(params: Mapping[str, Any]) -> str | tuple[str, str] | None:
    cert, key = params["client_cert"], params["client_key"]
    if key and not cert:
        raise InputError("client_key is the key of a certificate. Give client_cert as well.")
    return (cert, key) if key else cert


def _authentication(params: Mapping[str, Any], oauth_url: str, http: Any) -> Authentication:
    ways = [name for name in ("username", "token", "client_id") if params[name]]
    if len(ways) > 1:
        raise InputError(
            f"The options or the environment ({listed(VARIABLES[name] for name in ways)}) give {listed(ways)}: that is "
            "more than one way to log in. Keep username with password, or token, or client_id with client_secret."
        )
    for name, secret in (("username", "password"), ("client_id", "client_secret")):
        given, other = (name, secret) if params[name] else (secret, name)
        if params[given] and not params[other]:
            also = f" or {API_TOKEN}" if other == "password" else ""
            raise InputError(
                f"The options or the environment give {given}, but not {other}. They belong together. In the "
                f"environment, {VARIABLES[given]} goes with {VARIABLES[other]}{also}."
            )
    if params["username"]:
        pair = "{username}:{password}".format(**params).rstrip("\r\n").encode("utf-8", "surrogateescape")
        return FixedHeader(f"Basic {base64.b64encode(pair).decode()}")
    if params["client_id"]:
        return ClientCredentials(http(oauth_url, FixedHeader()), params["client_id"], params["client_secret"])
    if not params["token"]:
        return FixedHeader()
    token = params["token"].strip()  # a line break at the end comes from the file it was in
    if not _can_be_sent(token):
        raise InputError("token has characters that no token has.")
    return FixedHeader(f"Bearer {token}")


def _can_be_sent(token: str) -> bool:
    return token.isascii() and token.isprintable() and bool(token)


def _number(value: Any, otherwise: float) -> float:
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        return otherwise
    return number if isfinite(number) else otherwise


def _look_up_cloud_id(http: Http) -> str:
    unknown = "The site does not tell its cloud id. Only Jira Cloud has one. Check url, or give cloud_id itself."
    try:
        answer = http.request("GET", "/_edge/tenant_info", about="the site's cloud id").data
    except NotFound as error:
        raise error.explained(unknown) from None
    cloud_id = answer.get("cloudId") if isinstance(answer, dict) else None
    if not isinstance(cloud_id, str) or not _CLOUD_ID.fullmatch(cloud_id):
        raise ServerError(unknown)
    return cloud_id
