# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox in the background: start it and wait until it answers, stop it. Both may be repeated.

A sandbox holds a lock on the state file that it wrote, as long as its process lives. So a state file that is not locked
was left behind, and the number in it may be another process's by now.
"""

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
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

READY_SECONDS = 30
STOP_SECONDS = 5
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
        _stop_running(options.state_file)
        return {"changed": True, **_spawn(options, arguments)}


def stop(state_file: Path, dry_run: bool) -> Result:
    """Stop the sandbox of this state file, if it runs."""
    with _alone(state_file):
        running = _running(state_file)
        if not dry_run:
            _stop_running(state_file)
        return {"changed": running is not None}


@contextlib.contextmanager
def held(state_file: Path, state: str) -> Iterator[None]:
    """Write the state file and hold it. At the end it is removed, unless another sandbox has put its own there."""
    temporary = state_file.with_name(f"{state_file.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(state + "\n")
        file.flush()
        temporary.replace(state_file)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                if os.path.samestat(os.fstat(file.fileno()), state_file.stat()):
                    state_file.unlink()


@contextlib.contextmanager
def _alone(state_file: Path) -> Iterator[None]:
    """One start or stop at a time per state file."""
    state_file.parent.mkdir(parents=True, exist_ok=True)
    with state_file.with_name(state_file.name + ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _running(state_file: Path) -> Result | None:
    """What the state file says, if the sandbox that wrote it lives."""
    state: Result | None = None
    try:
        with state_file.open(encoding="utf-8") as file:
            state = json.load(file)
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return state
    except (OSError, ValueError):  # there is none, or it is another kind of file
        return None
    return None


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


def _stop_running(state_file: Path) -> None:
    """Ask the sandbox of this state file to stop, and kill it if it does not; each time only if it still lives."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        running = _running(state_file)
        if running is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(running["pid"], number)
        ends = time.monotonic() + STOP_SECONDS
        while _running(state_file) and time.monotonic() < ends:
            time.sleep(0.02)
    if _running(state_file):
        raise StartError(f"the sandbox of {state_file} does not stop")
