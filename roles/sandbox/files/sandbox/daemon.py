# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox in the background: start it and wait until it answers, stop it. Both may be repeated."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

READY_SECONDS = 30
STOP_SECONDS = 10
LOG_LINES = 15
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
# a running sandbox that differs in one of these is not the one that was asked for
IDENTITY = ("deployment", "seed", "limits", "max_links", "context_path")
Result = dict[str, Any]


class StartError(Exception):
    """The sandbox cannot start; the message says why."""


def identity(options: Namespace) -> dict[str, Any]:
    """What makes two sandboxes different, for the state file."""
    values = {name: getattr(options, name) for name in IDENTITY}
    return {**values, "seed": str(options.seed.resolve()) if options.seed else None}


def start(options: Namespace, arguments: list[str], dry_run: bool) -> Result:
    """Start a sandbox unless the same one runs; another one in its place is stopped first.

    `arguments` are those of the server. Returns `changed`, and url, pid, port where they are known.
    """
    with _alone(options.state_file):
        running = _running(options.state_file)
        if running and _is_asked_for(running, options):
            return {"changed": False, **running}
        if dry_run:
            return {"changed": True}
        if running:
            _stop_process(running["pid"])
        return {"changed": True, **_spawn(options, arguments)}


def stop(state_file: Path, dry_run: bool) -> Result:
    """Stop the sandbox of this state file, if it runs."""
    with _alone(state_file):
        running = _running(state_file)
        if running and not dry_run:
            _stop_process(running["pid"])
        return {"changed": running is not None}


@contextlib.contextmanager
def _alone(state_file: Path) -> Iterator[None]:
    """One start or stop at a time per state file."""
    state_file.parent.mkdir(parents=True, exist_ok=True)
    with state_file.with_name(state_file.name + ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _running(state_file: Path) -> Result | None:
    """The state file's content, if its process lives and answers; a file left by a killed one is removed."""
    try:
        state: Result = json.loads(state_file.read_text(encoding="utf-8"))
        if _answers(state, state_file):
            return state
    except (OSError, ValueError):
        return None
    except (AttributeError, KeyError, TypeError):  # it is no state file
        pass
    state_file.unlink(missing_ok=True)
    return None


def _answers(state: Result, state_file: Path) -> bool:
    """Ask for its pid: the port may belong to something else by now."""
    address = urlsplit(state["url"])
    if address.scheme == "https":  # it may ask for a certificate that is not ours to give
        command = _command_of(state["pid"])
        return "-m sandbox" in command and state_file.name in command
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{address.netloc}/_sandbox/health", timeout=5) as answer:
            return bool(json.load(answer)["pid"] == state["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _command_of(pid: int) -> str:
    """How a process was started; empty if there is none."""
    return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def _is_asked_for(running: Result, options: Namespace) -> bool:
    return running.get("options") == identity(options) and options.port in (0, running["port"])


def _spawn(options: Namespace, arguments: list[str]) -> Result:
    if importlib.util.find_spec("aiohttp") is None:
        raise StartError(f"aiohttp is missing; try: {sys.executable} -m pip install -r {REQUIREMENTS}")
    log_path = options.log or Path(os.devnull)
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("ab") as log:
        start_of_log = log.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return _wait_until_ready(process, options.state_file, log_path, start_of_log)


def _wait_until_ready(process: subprocess.Popen[bytes], state_file: Path, log_path: Path, start_of_log: int) -> Result:
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        state = _running(state_file)
        if state and state["pid"] == process.pid:
            return state
        time.sleep(0.02)
    process.kill()
    with log_path.open("rb") as log:
        log.seek(start_of_log)
        lines = log.read().decode(errors="replace").splitlines()[-LOG_LINES:]
    raise StartError("\n".join(["it did not start; the end of its log:", *lines]))


def _stop_process(pid: int) -> None:
    """Ask it to stop and wait; kill it if it does not."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    ends = time.monotonic() + STOP_SECONDS
    while _alive(pid):
        if time.monotonic() > ends:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    """A process that ended but was not waited for by its parent counts as ended."""
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        return status.rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc/self").exists()  # with a /proc, the missing entry above was the answer
