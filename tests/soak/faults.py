# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way in which an answer can go wrong: each kind makes a reply of the request and, if it was done, its answer."""

from __future__ import annotations

import asyncio
import base64
import binascii
import copy
import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

BEFORE, AFTER, LATE = "before", "after", "late"
ENDED_LOGIN, ENDLESS_PAGES = "a login that ends", "pages without end"
MOVES, SWITCHED_OFF = "an issue that moves", "linking that is switched off"


class Message(NamedTuple):
    """A request or an answer."""

    first: str
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> Message | None:
        """The next one of a connection; None at its end."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.decode("latin-1").rstrip().split("\r\n")
        message = cls(first, tuple((name, value) for name, _colon, value in (line.partition(": ") for line in lines)))
        body = await reader.readexactly(int(message.field("Content-Length") or 0))
        return message.having(**{"Content-Length": None})._replace(body=body)

    @property
    def status(self) -> int:
        return int(self.first.split()[1])

    @property
    def is_read(self) -> bool:
        """Of a request."""
        return self.first.startswith("GET ") or any(word in self.first for word in ("/bulkfetch ", "/search"))

    def field(self, name: str) -> str:
        return next((value for known, value in self.fields if known.lower() == name.lower()), "")

    def having(self, **fields: str | None) -> Message:
        """The same with these header fields in place of its own; None takes one away."""
        names = {name.lower() for name in fields}
        kept = [(name, value) for name, value in self.fields if name.lower() not in names]
        new = [(name, value) for name, value in fields.items() if value is not None]
        return self._replace(fields=(*kept, *new))

    @property
    def head(self) -> bytes:
        return "\r\n".join([self.first, *map(": ".join, self.fields), "", ""]).encode("latin-1", "replace")

    @property
    def raw(self) -> bytes:
        length = {} if self.field("Transfer-Encoding") or " 204 " in self.first else {"Content-Length": len(self.body)}
        return self.having(**{name: str(value) for name, value in length.items()}).head + self.body


class Reply(NamedTuple):
    """What the client gets, and how it goes on: ``keep`` the connection, or as `weather._part` says."""

    raw: bytes
    then: str = "keep"
    note: str = ""
    """What is wrong with it, where its first line does not show that."""


class Kind(NamedTuple):
    """One way in which an answer goes wrong.

    :param whens: of ``before``, ``after`` and ``late``.
    :param harmless: whether a client must not even notice.
    :param incomparable: whether nobody can say what is right then: Jira gave an answer that is possible and not true,
        or somebody else changed what the task is about.
    :param meanwhile: what somebody else does right after the request, once in a storm: a control call of the sandbox,
        and its body.
    """

    reply: Callable[[Random, Message, Message | None], Reply]
    whens: Sequence[str]
    weight: float
    harmless: bool = False
    incomparable: bool = False
    meanwhile: Callable[[Random], tuple[str, dict[str, Any]]] | None = None


KINDS: dict[str, Kind] = {}


def kind(name: str, *whens: str, weight: float = 1.0, **more: Any) -> Callable[[Any], Any]:
    def register(reply: Any) -> Any:
        KINDS[name] = Kind(reply, whens, weight, **more)
        return reply

    return register


def answer(status: int, body: bytes | str = b"", media_type: str = "application/json", **fields: str) -> Message:
    body = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return Message(f"HTTP/1.1 {status} Whatever", (("Content-Type", media_type), *named.items()), body)


# --- what must not matter


@kind("a slow answer", AFTER, harmless=True)
def _slow(chance: Random, asked: Message, real: Message) -> Reply:
    return Reply(real.raw)


@kind("a compressed answer", AFTER, harmless=True)
def _compressed(chance: Random, asked: Message, real: Message) -> Reply:
    if not real.body:
        return Reply(real.raw)
    coding = chance.choice(["gzip", "deflate"])
    body = gzip.compress(real.body) if coding == "gzip" else zlib.compress(real.body)
    return Reply(real._replace(body=body).having(**{"Content-Encoding": coding}).raw)


@kind("an answer in chunks", AFTER, harmless=True)
def _chunked(chance: Random, asked: Message, real: Message) -> Reply:
    if not real.body:
        return Reply(real.raw)
    size = chance.randint(1, 500)
    parts = [real.body[start : start + size] for start in range(0, len(real.body), size)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return Reply(real._replace(body=chunks + b"0\r\n\r\n").having(**{"Transfer-Encoding": "chunked"}).raw)


@kind("header fields that mean nothing", AFTER, harmless=True)
def _noise(chance: Random, asked: Message, real: Message) -> Reply:
    fields = {"Retry-After": "0", "X-RateLimit-Limit": "-1", "X-RateLimit-Remaining": "0", "Set-Cookie": "a=\xe4; b"}
    return Reply(b"HTTP/1.1 100 Continue\r\n\r\n" * chance.randint(0, 1) + real.having(**fields).raw)


@kind("a connection that ends after its answer", AFTER)
def _ends(chance: Random, asked: Message, real: Message) -> Reply:
    """Not harmless: the client may send its next request before it can notice."""
    return Reply(real.raw, chance.choice(["close", "abort"]))


# --- refusals


WORDS = (
    "Something is wrong.",
    "\x1b[31mred\x1b[0m and a \u202e turn",
    "{{ lookup('pipe', 'id') }} <script>alert(1)</script>",
    "\x00" * 50,
    "Bitte sp\xe4ter.",
)
WAITS = ("0", "1", "30", "300", "99999999999999999999", "Wed, 21 Oct 2026 07:28:00 GMT", "soon", "-1", "1e999", "")


def _echo(asked: Message) -> str:
    """What some proxies repeat of the request, credentials included."""
    header = asked.field("Authorization")
    try:
        plain = base64.b64decode(header.partition(" ")[2], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        plain = ""
    return f"You sent {header} {plain} {asked.body.decode('utf-8', 'replace')}"


def _error(chance: Random, asked: Message, status: int, **fields: str) -> Reply:
    """An error in any of the shapes that Jira and what is before it use, and in some more."""
    text = _echo(asked) if chance.random() < 0.3 else chance.choice(WORDS)
    shapes: list[Any] = [
        {"errorMessages": [text], "errors": {}},
        {"errorMessages": [], "errors": {"comment": text}},
        {"errorMessages": [text]},
        {"errorMessage": text},
        {"errors": [text, {"message": text}]},
        {"errorMessages": [f"{text} {number}" for number in range(20_000)]} if chance.random() < 0.1 else {},
        {"errorMessages": {"a": [text]}, "errors": 7},
        {"message": text, "status-code": status},
        {"type": "about:blank", "title": "No", "status": status, "detail": text, "instance": "/x"},
        [text, [text]],
        text,
        None,
    ]
    odd = [b"", text.encode(), b"\xff\xfe\x00" * 20, b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000, b"NaN"]
    page = f"<html><head><title>Oops ({status})</title></head><body><style>a</style><p>{text}</p></body></html>"
    media_types = ["application/json", "text/html", "text/plain; charset=undefined", "application/problem+json", ""]
    body = chance.choice([json.dumps(chance.choice(shapes)).encode(), page.encode(), chance.choice(odd)])
    return Reply(answer(status, body, chance.choice(media_types), **fields).raw)


@kind("429", BEFORE, weight=2)
def _too_many(chance: Random, asked: Message, real: None) -> Reply:
    limits = ["jira-per-issue-on-write", "jira-burst-based"]
    quotas = ["jira-quota-global-based", "jira-quota-tenant-based"] if chance.random() < 0.1 else []
    fields = {"Retry_After": chance.choice(WAITS), "RateLimit_Reason": chance.choice([*limits, *quotas, ""])}
    return _error(chance, asked, 429, X_RateLimit_Reset="2026-11-01T10:00Z", **fields)


@kind("5xx", BEFORE, AFTER, weight=3)
def _server_error(chance: Random, asked: Message, real: Message | None) -> Reply:
    status = chance.choice([500, 502, 503, 503, 504, 599])
    return _error(chance, asked, status, **({"Retry_After": chance.choice(WAITS)} if chance.random() < 0.5 else {}))


@kind("401", BEFORE, weight=0.3)
def _unauthorized(chance: Random, asked: Message, real: None) -> Reply:
    reasons = [{}, {"X_Seraph_LoginReason": "AUTHENTICATED_FAILED"}, {"WWW_Authenticate": "OAuth realm=x"}]
    return _error(chance, asked, 401, **chance.choice(reasons))


@kind("CAPTCHA", BEFORE, weight=0.1)
def _captcha(chance: Random, asked: Message, real: None) -> Reply:
    denied = {"X_Authentication_Denied_Reason": "CAPTCHA_CHALLENGE; login-url=http://127.0.0.1/login.jsp"}
    return _error(chance, asked, chance.choice([401, 403]), X_Seraph_LoginReason="AUTHENTICATION_DENIED", **denied)


@kind("a gateway's refusal", BEFORE, weight=2)
def _gateway(chance: Random, asked: Message, real: None) -> Reply:
    """Nothing of what it says is Jira's, and the words show it."""
    status = chance.choice([404, 404, 404, 400, 403, 405, 409, 413, 415])
    page = f"<html><head><title>{status} Not served here</title></head><body>nginx</body></html>"
    bodies = [page, json.dumps({"message": "no Route matched with those values"}), "default backend", ""]
    media_type = chance.choice(["text/html", "application/json", "text/plain"])
    return Reply(answer(status, chance.choice(bodies), media_type).raw)


@kind("a redirect", BEFORE, weight=0.5)
def _redirect(chance: Random, asked: Message, real: None) -> Reply:
    target, host = asked.first.split()[1], asked.field("Host")
    places = [
        f"https://jira.example.com{target}", f"http://{host}/jira{target}", f"http://{host}/login.jsp?next={target}",
        "/login.jsp", f"/jira{target}", "http://[::1", "//", "", "?", f"http://{host}{target}", "http://\xe4\x00:x/",
        f"https://{asked.field('Authorization').partition(' ')[2]}@jira.example.com/",
    ]  # fmt: skip
    return Reply(answer(chance.choice([301, 302, 303, 307, 308]), Location=chance.choice(places)).raw)


@kind(ENDED_LOGIN, AFTER, weight=0.3)
def _ended(chance: Random, asked: Message, real: Message) -> Reply:
    """From here on, Jira takes the login for one that has expired; the sandbox's settings say what tells."""
    return Reply(real.raw)


# --- what somebody else does meanwhile


ISSUES = ("REL-1", "REL-2", "REL-3", "APP-1", "APP-2", "LIB-1", "OPS-1")
"""Those that the random scenarios are about."""


def _move(chance: Random) -> tuple[str, dict[str, Any]]:
    return "move", {"from": chance.choice(ISSUES), "to_project": chance.choice(["LIB", "OPS"])}


def _delete(chance: Random) -> tuple[str, dict[str, Any]]:
    return "delete", {"key": chance.choice(ISSUES)}


def _switch_off(chance: Random) -> tuple[str, dict[str, Any]]:
    return "settings", {"linking_enabled": False}


@kind(MOVES, AFTER, weight=0.5, meanwhile=_move)
@kind("an issue that is deleted", AFTER, weight=0.3, meanwhile=_delete, incomparable=True)
@kind(SWITCHED_OFF, AFTER, weight=0.3, meanwhile=_switch_off)
def _meanwhile(chance: Random, asked: Message, real: Message) -> Reply:
    return Reply(real.raw)


# --- answers that are none


@kind("an empty 200", AFTER, weight=2)
def _empty(chance: Random, asked: Message, real: Message) -> Reply:
    return Reply(real._replace(body=b"").raw if real.status < 300 else real.raw)


@kind("a page instead of an answer", BEFORE, AFTER)
def _page(chance: Random, asked: Message, real: Message | None) -> Reply:
    page = f"<html><title>Log in</title><body>{chance.choice(WORDS)} {_echo(asked)}</body></html>"
    return Reply(answer(chance.choice([200, 203]), page, chance.choice(["text/html", "application/json"])).raw)


@kind("no answer", BEFORE, AFTER, LATE, weight=2)
def _silence(chance: Random, asked: Message, real: Message | None) -> Reply:
    begun = real.raw[: chance.randint(0, len(real.raw) - 1)] if real and chance.random() < 0.3 else b""
    return Reply(begun, "silence")


@kind("a cut", BEFORE, AFTER, weight=4)
def _cut(chance: Random, asked: Message, real: Message | None) -> Reply:
    """At any byte of the header or of the body; before Jira got it, there is no byte."""
    whole = real.raw if real else b""
    end = len(real.head) if real and chance.random() < 0.5 else len(whole)
    cut = chance.randrange(end or 1)
    return Reply(whole[:cut], chance.choice(["close", "abort"]), f"{cut} of {len(whole)} bytes")


@kind("a trickle", AFTER, weight=0.3)
def _trickle(chance: Random, asked: Message, real: Message) -> Reply:
    """Byte by byte, without end."""
    if chance.random() < 0.5:
        return Reply(b"HTTP/1.1 200 OK\r\nX-Long: ", "trickle of a header")
    return Reply(answer(200, Transfer_Encoding="chunked").raw, "trickle of a body")


@kind("garbled compression", AFTER)
def _garbled(chance: Random, asked: Message, real: Message) -> Reply:
    packed = gzip.compress(real.body)
    body, coding = chance.choice([
        (real.body, "gzip"), (real.body, "deflate"), (packed[: -chance.randint(1, 20)], "gzip"), (packed, "deflate"),
        (b"\x1f\x8b\x08" + b"x" * 50, "gzip"), (gzip.compress(packed), "gzip, gzip"), (packed, "br"),
    ])  # fmt: skip
    return Reply(real._replace(body=body).having(**{"Content-Encoding": coding}).raw)


@kind("no HTTP", AFTER)
def _no_http(chance: Random, asked: Message, real: Message) -> Reply:
    body, first = real.body or b"{}", real.first.encode()
    raw = chance.choice([
        b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"\x00" * 1000, b"\r\n" * 5,
        b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 99 Odd\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
        first + b"\r\nContent-Length: -5\r\n\r\n" + body, first + b"\r\nContent-Length: x\r\n\r\n" + body,
        first + b"\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n" + body,
        first + b"\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + body,
        first + b"\r\nX: " + b"y" * 70_000 + b"\r\n\r\n" + body,
        first + b"\r\n" + b"X: y\r\n" * 200 + b"\r\n" + body,
        first + b"\r\n: no name\r\nno colon\r\n\xff\xfe: \xff\r\nContent-Length: 99999999\r\n\r\n" + body,
    ])  # fmt: skip
    return Reply(raw, "close")


# --- answers that say something else


STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**400, "", "x", "\ud800", [], [[]], {}, {"a": 1}, [None], {"id": []},
)  # fmt: skip
NEEDED = {
    "issues", "issueLinkTypes", "issuelinks", "fields", "id", "key", "name", "inward", "outward", "type",
    "permissions", "havePermission", "total", "isLast", "nextPageToken",
}  # fmt: skip
"""What may not be left out. Of anything else, that it is missing says that there is none."""
_GONE = object()


def _places(data: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    for step in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield from _places(data[step], (*place, step))


def _changed(data: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return None if value is _GONE else value
    data = copy.copy(data)
    if value is _GONE and len(place) == 1:
        del data[place[0]]
    else:
        data[place[0]] = _changed(data[place[0]], place[1:], value)
    return data


def _at(data: Any, place: Sequence[Any]) -> Any:
    return _at(data[place[0]], place[1:]) if place else data


def _one_field(chance: Random, real: Message, values: Callable[[tuple[Any, ...], Any], list[Any]]) -> Reply:
    """The answer with one field changed, be it the smallest or the whole."""
    try:
        data = json.loads(real.body)
    except ValueError:
        return Reply(real.raw)
    place = chance.choice(list(_places(data)))
    value = chance.choice(values(place, _at(data, place)))
    body = json.dumps(_changed(data, place, value)).encode()
    note = f"{'.'.join(map(str, place))} = {'nothing' if value is _GONE else repr(value)[:100]}"
    return Reply(real._replace(body=body).raw, note=note)


@kind("a wrong type", AFTER, weight=4)
def _wrong_type(chance: Random, asked: Message, real: Message) -> Reply:
    def values(place: tuple[Any, ...], old: Any) -> list[Any]:
        needed = not place or place[-1] in NEEDED
        types = {type(old), int} if place and place[-1] == "id" else {type(old)}  # an id may be a number
        other = [each for each in STRANGE if type(each) not in types and (needed or each is not None)]
        return [*other, _GONE] if place and needed else other

    return _one_field(chance, real, values)


@kind("a lie", AFTER, incomparable=True)
def _lie(chance: Random, asked: Message, real: Message) -> Reply:
    def values(place: tuple[Any, ...], old: Any) -> list[Any]:
        return [*STRANGE, _GONE, old[: len(old) // 2] if isinstance(old, (str, list)) else not old]

    return _one_field(chance, real, values)


@kind(ENDLESS_PAGES, AFTER, weight=0.3)
def _endless(chance: Random, asked: Message, real: Message) -> Reply:
    """From here on, every search of Jira Cloud's has another page, with nothing on it."""
    return Reply(real.raw)


def page_of_an_endless_search(token: str) -> Message:
    return answer(200, json.dumps({"issues": [], "isLast": False, "nextPageToken": token}))
