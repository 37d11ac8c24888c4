# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an HTTP request to an answer: address, faults, who asks, limits, handler, record."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from ..rules.model import Refusal
from . import about, control, page
from .answers import Answer, full, message_answer, problem_answer, refusal_answer, unauthorized
from .auth import Caller, Unauthorized
from .calls import BAD_JSON, Call, Misfit
from .changes import CHANGES
from .faults import AFTER, Fault
from .login import is_silent, login_headers, refused_in_silence
from .routes import Route, Router
from .site import Site

Log = Callable[[str], None]
NAMELESS = "anonymous"
UNREADABLE = (web.RequestPayloadError, ConnectionError)


class Address(NamedTuple):
    """A path of the REST API: through the gateway or not, its version, the rest in parts."""

    gateway: bool
    version: int
    parts: list[str]


class Application:
    """Handles every request of one site. `log` takes one line per request."""

    def __init__(self, site: Site, log: Log | None = None) -> None:
        self.site = site
        self._log = log
        self._router = Router(site.deployment)
        self._versions = {"2": 2, "latest": 2, **({"3": 3} if site.store.cloud else {})}

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path, body = request.rel_url.raw_path, await _body_of(request)
        if path.startswith("/_sandbox/"):
            return control.handle(self.site, request, body)
        if path in ("/", self.site.context_path, self.site.context_path + "/"):
            return page.handle(self.site, request)
        fault = self.site.faults.take(request.method, path)
        if fault and fault.kind == "slow":
            await asyncio.sleep(float(fault.options.get("seconds", 1)))
            fault = None
        speed = self.site.speed
        async with speed.worker():
            caller, answer = self._answer(request, path, body, fault)
            await speed.work(request.method, path, answer)
        response = await self._response(request, fault, answer)
        self._record(request, path, caller, response.status if response else None)
        return response or web.Response()

    # --- the answer

    def _answer(
        self, request: web.BaseRequest, path: str, body: bytes | None, fault: Fault | None
    ) -> tuple[str, Answer]:
        """Nothing in here waits, so what one request does to the store is atomic."""
        if fault and fault.kind not in AFTER:
            return self._account_name(request, path), self.site.faults.answer(fault, request.path_qs, self.site.address)
        name, answer = self._real_answer(request, path, body)
        if fault and fault.kind == "error_after":
            answer = self.site.faults.answer(fault, request.path_qs, self.site.address)
        if fault and fault.kind == "meanwhile":
            answer = self._meanwhile(fault, answer)
        return name, answer

    def _meanwhile(self, fault: Fault, answer: Answer) -> Answer:
        """Changes after the answer was made, which does not know of them; one that cannot be made shows as a 500."""
        try:
            for name in CHANGES:
                if name in fault.options:
                    self.site.change_issue(name, fault.options[name])
        except ValueError as error:
            return message_answer(500, f"The sandbox's fault 'meanwhile' failed: {error}")
        return answer

    def _real_answer(self, request: web.BaseRequest, path: str, body: bytes | None) -> tuple[str, Answer]:
        if self.site.store.cloud and path == "/_edge/tenant_info":
            return NAMELESS, about.tenant_info(self.site)
        if self.site.store.cloud and path == "/oauth/token" and request.method == "POST":
            return NAMELESS, about.oauth_token(self.site, request.headers.get("Content-Type", ""), body or b"")
        caller: Caller | None = None
        try:
            address = self._address(path)
            if body is None:
                raise Misfit(400)
            if self.site.store.cloud:
                self._require_media_type(request, address, body)
            caller = self.site.credentials.caller(
                request.headers.get("Authorization"), address.gateway, self.site.address
            )
            answer = self._call(request, address, caller, body)
        except Misfit as misfit:
            answer = self._misfit(misfit, request, path)
        except Unauthorized as failure:
            answer = self._unauthorized(failure, path)
        except Refusal as refusal:
            answer = refusal_answer(refusal)
        if caller is None:
            return NAMELESS, answer
        headers = login_headers(caller, self.site.store.cloud, self.site.settings, answer.status)
        answer = answer._replace(headers={**answer.headers, **headers})
        return caller.account.name if caller.account else NAMELESS, answer

    def _call(self, request: web.BaseRequest, address: Address, caller: Caller, body: bytes) -> Answer:
        route, args = self._route(request.method, address)
        silent = is_silent(caller, self.site.settings)
        refused = silent and refused_in_silence(route.pattern, self.site.store.cloud)
        if refused or (caller.account is None and not route.open):
            raise Unauthorized
        if self.site.settings["limits"] and self.site.store.cloud:
            self.site.limits.request(route.method, route.pattern, caller.oauth)
        if body and not _is_json(request):
            raise Misfit(415)
        render = self.site.renderer(address.gateway, address.version)
        call = Call(self.site, caller.account, render, request.rel_url.query, body, args, silent)
        try:
            answer = route.handler(call)
        except Refusal as refusal:
            full_answer = full(self.site.settings["full_body"], refusal)
            answer = full_answer if refusal.status == 413 else refusal_answer(refusal)
        limits = self.site.limits.burst_headers(route.method, route.pattern) if self.site.store.cloud else {}
        return answer._replace(headers={**limits, **answer.headers})

    def _require_media_type(self, request: web.BaseRequest, address: Address, body: bytes) -> None:
        """Cloud looks at this before it looks at who asks, and on some requests that have no body, too."""
        routes, _args = self._router.find(address.parts) or ({}, [])
        route = routes.get(request.method)
        if route is not None and (body or route.typed) and not _is_json(request):
            raise Misfit(415)

    def _route(self, method: str, address: Address) -> tuple[Route, list[str]]:
        found = self._router.find(address.parts)
        if found is None:
            raise Misfit(404)
        routes, args = found
        route = routes.get("GET" if method == "HEAD" else method)
        if route is None:
            raise Misfit(405, {"Allow": ", ".join(sorted({*routes, "HEAD"} if "GET" in routes else routes))})
        return route, args

    def _address(self, path: str) -> Address:
        """Data Center has version 2 only, which `latest` is everywhere; the gateway belongs to Cloud."""
        gateway_path = f"/ex/jira/{self.site.store.cloud_id}"
        gateway = self.site.store.cloud and path.startswith("/ex/jira/")
        start = gateway_path if gateway else self.site.context_path
        rest_path = f"{start}/rest/api/"
        version, _other, rest = path.removeprefix(rest_path).rstrip("/").partition("/")
        if not path.startswith(rest_path) or version not in self._versions:
            raise Misfit(404)
        return Address(gateway, self._versions[version], [unquote(part) for part in rest.split("/")])

    def _misfit(self, misfit: Misfit, request: web.BaseRequest, path: str) -> Answer:
        """Cloud's framework describes the problem; Data Center has another shape for each status."""
        if self.site.store.cloud:
            detail = {
                400: "Failed to read request",
                404: f"No endpoint {request.method} {path}.",
                405: f"Method '{request.method}' is not supported.",
                415: f"Content-Type '{request.headers.get('Content-Type', 'null')}' is not supported.",
            }
            answer = problem_answer(misfit.status, detail[misfit.status], path)
        elif misfit.status == 404:
            answer = message_answer(404, f"null for uri: {self.site.url}{path}")
        else:
            answer = refusal_answer(Refusal(400, BAD_JSON)) if misfit.status == 400 else Answer(misfit.status)
        return answer._replace(headers=misfit.headers)

    def _unauthorized(self, failure: Unauthorized, path: str) -> Answer:
        if path.startswith("/ex/jira/"):
            return message_answer(401, "Unauthorized", failure.headers)
        challenge = {"WWW-Authenticate": f'OAuth realm="{self.site.address}"'}
        return unauthorized(self.site.settings["unauthorized_body"], {**challenge, **failure.headers})

    def _account_name(self, request: web.BaseRequest, path: str) -> str:
        """Who would have been asking, for the record of a request that a fault took."""
        try:
            caller = self.site.credentials.caller(
                request.headers.get("Authorization"), path.startswith("/ex/jira/"), self.site.address
            )
        except (Unauthorized, Refusal):
            return NAMELESS
        return caller.account.name if caller.account else NAMELESS

    # --- the response

    async def _response(
        self, request: web.BaseRequest, fault: Fault | None, answer: Answer
    ) -> web.StreamResponse | None:
        """None where the connection was broken without an answer."""
        if fault and fault.kind.startswith("break_"):
            if request.transport:
                request.transport.abort()
            return None
        proxy = fault is not None and fault.options.get("proxy")
        headers = {**({} if proxy else self._headers(answer)), **answer.headers}
        if answer.status != 204 and (answer.body or answer.status < 300):
            headers.setdefault("Content-Type", answer.content_type)
        if fault and fault.kind == "disconnect_mid_body":
            return await _half_response(request, answer, headers)
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    def _headers(self, answer: Answer) -> dict[str, str]:
        """Data Center sends rate limit headers with every ordinary answer; they mean nothing."""
        headers = self.site.support_headers()
        if not self.site.store.cloud and answer.status < 500 and answer.status != 429:
            headers["Retry-After"] = "0"
            headers["X-RateLimit-Limit"] = "-1"
        return headers

    def _record(self, request: web.BaseRequest, path: str, account: str, status: int | None) -> None:
        self.site.requests.append(
            {
                "method": request.method,
                "path": path,
                "query": request.rel_url.raw_query_string,
                "status": status,
                "account": account,
            }
        )
        self._write(f"{request.method} {request.path_qs} {status or 'no answer'}")

    def is_ours(self, record: logging.LogRecord) -> bool:
        """Whether an error is the sandbox's own. What is sent and is no HTTP gets a line, as other requests do."""
        error = record.exc_info and record.exc_info[1]
        if isinstance(error, HttpProcessingError):
            self._write(f"malformed request {error.code}")
        return not isinstance(error, (HttpProcessingError, *UNREADABLE))

    def _write(self, line: str) -> None:
        if self._log:
            self._log(f"{time.strftime('%Y-%m-%dT%H:%M:%S')} {line}")


async def _body_of(request: web.BaseRequest) -> bytes | None:
    """None if it is not coded as its header says, or breaks off."""
    try:
        return await request.read()
    except UNREADABLE:
        return None


def _is_json(request: web.BaseRequest) -> bool:
    return "json" in request.headers.get("Content-Type", "")


async def _half_response(request: web.BaseRequest, answer: Answer, headers: dict[str, str]) -> web.StreamResponse:
    """Say how long the body is, send half of it, hang up."""
    body = answer.body or b"{}"
    response = web.StreamResponse(status=answer.status, headers={**headers, "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport:
        request.transport.close()
    return response
