# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line, and the life of the server process."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import ssl
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import daemon
from .daemon import StartError
from .loopback import is_loopback
from .rules.seed import SeedError, load_seed
from .rules.store import CLOUD, DATA_CENTER

if TYPE_CHECKING:
    from .web.site import Site

LARGEST_BODY = 256 * 1024 * 1024


def loopback(host: str) -> str:
    if is_loopback(host):
        return host
    raise argparse.ArgumentTypeError(f"{host} is no loopback address; the sandbox serves this machine only")


def context_path(path: str) -> str:
    path = path.strip("/")
    return f"/{path}" if path else ""


def port_number(value: str) -> int:
    if not value.isdecimal() or int(value) > 65535:
        raise argparse.ArgumentTypeError(f"{value} is no port; 0 to 65535, 0 for a free one")
    return int(value)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m sandbox", description="A local Jira for trying issue links on.")
    add = options.add_argument
    add("--host", type=loopback, default="127.0.0.1", help="a loopback address (127.0.0.1)")
    add("--port", type=port_number, default=0, help="0 for a free one (0)")
    add("--deployment", choices=(CLOUD, DATA_CENTER), default=CLOUD)
    add("--seed", type=Path, metavar="FILE", help="what the Jira holds at first (a small default)")
    add("--limits", action="store_true", help="enforce Jira Cloud's rate limits")
    add("--max-links", type=int, metavar="N", help="issue links per issue on Cloud (2000)")
    add("--context-path", type=context_path, default="", metavar="/PATH", help="where Jira begins, as /jira")
    add("--state-file", type=Path, metavar="FILE", help="url, port, pid and deployment as JSON, while it runs")
    add("--log", type=Path, metavar="FILE", help="one line per request; never a credential or a body")
    add("--tls-cert", type=Path, metavar="FILE", help="serve HTTPS with this certificate")
    add("--tls-key", type=Path, metavar="FILE", help="the certificate's key")
    add("--tls-client-ca", type=Path, metavar="FILE", help="ask clients for a certificate of this authority")
    background = options.add_argument_group("in the background (with --state-file)")
    background.add_argument("--detach", action="store_true", help="start unless it runs, wait until it answers")
    background.add_argument("--stop", action="store_true", help="stop the one of the state file, if it runs")
    background.add_argument("--dry-run", action="store_true", help="say what --detach or --stop would change")
    return options


def main() -> int:
    """Returns the exit status: 0 after an orderly stop, 2 if it could not start."""
    given = sys.argv[1:]
    options = parser().parse_args(given)
    try:
        if options.detach or options.stop:
            print(json.dumps(_in_background(options, given)))
        else:
            asyncio.run(_serve(options))
    except (StartError, SeedError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    return 0


def _in_background(options: argparse.Namespace, given: Sequence[str]) -> dict[str, Any]:
    if options.state_file is None:
        raise StartError("--detach and --stop need a --state-file")
    if options.stop:
        return daemon.stop(options.state_file, options.dry_run)
    return daemon.start(options, [each for each in given if each != "--detach"], options.dry_run)


async def _serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    site = _site(options)
    with contextlib.ExitStack() as closing:
        runner = await _listen(site, options, closing)
        try:
            _announce(site, options, closing)
            await stop.wait()
        finally:
            await runner.cleanup()


def _site(options: argparse.Namespace) -> Site:
    try:
        from .web.site import Site
    except ImportError as error:
        raise StartError(f"{error}; try: {sys.executable} -m pip install -r {daemon.REQUIREMENTS}") from error
    site = Site(options.deployment, load_seed(options.seed), options.context_path)
    site.defaults["limits"] = options.limits
    if options.max_links is not None:
        site.defaults["max_links"] = options.max_links
    site.change_settings(site.defaults)
    return site


async def _listen(site: Site, options: argparse.Namespace, closing: contextlib.ExitStack) -> Any:
    from aiohttp import web

    from .web.app import Application

    tls = _tls(options)
    application = Application(site, _log(options.log, closing))
    errors = logging.getLogger("sandbox")
    errors.setLevel(logging.DEBUG)  # the level at which aiohttp tells of bytes that are no HTTP at all
    errors.addFilter(application.is_ours)
    server = web.Server(
        application.handle,
        request_factory=partial(_request, asyncio.get_running_loop()),
        access_log=None,
        logger=errors,
    )
    runner = web.ServerRunner(server, shutdown_timeout=1)
    await runner.setup()
    listener = web.TCPSite(runner, options.host, options.port, ssl_context=tls, backlog=1024)
    try:
        await listener.start()
    except OSError as error:
        await runner.cleanup()
        reason = os.strerror(error.errno or 0)
        raise StartError(f"cannot listen on {options.host} port {options.port}: {reason}") from error
    port = runner.addresses[0][1]
    host = f"[{options.host}]" if ":" in options.host else options.host
    site.url = f"{'https' if tls else 'http'}://{host}:{port}"
    return runner


def _request(loop: asyncio.AbstractEventLoop, *parts: Any) -> Any:
    """A seed may be larger than the one megabyte that aiohttp takes by default."""
    from aiohttp import web

    message, payload, protocol, writer, task = parts
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY)


def _tls(options: argparse.Namespace) -> ssl.SSLContext | None:
    if options.tls_cert is None:
        if options.tls_key or options.tls_client_ca:
            raise StartError("--tls-key and --tls-client-ca need --tls-cert")
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(options.tls_cert, options.tls_key)
        if options.tls_client_ca:
            context.load_verify_locations(options.tls_client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise StartError(f"cannot use the certificates: {error}") from error
    return context


def _log(path: Path | None, closing: contextlib.ExitStack) -> Any:
    if path is None:
        return None
    try:
        log = closing.enter_context(path.open("a", encoding="utf-8", errors="backslashreplace", buffering=1))
    except OSError as error:
        raise StartError(f"cannot write the log {path}: {error.strerror}") from error
    return lambda line: log.write(line + "\n")


def _announce(site: Site, options: argparse.Namespace, closing: contextlib.ExitStack) -> None:
    """Say on standard output and in the state file where it listens; the file goes at the end."""
    print(f"Sandbox Jira ({site.deployment}) at {site.address}", flush=True)
    if options.state_file is None:
        return
    port = int(site.url.rpartition(":")[2])
    state = {
        "url": site.address,
        "port": port,
        "pid": os.getpid(),
        "deployment": site.deployment,
        "options": daemon.identity(options),
    }
    try:
        closing.enter_context(daemon.held(options.state_file, json.dumps(state)))
    except OSError as error:
        raise StartError(f"cannot write the state file {options.state_file}: {error.strerror}") from error
