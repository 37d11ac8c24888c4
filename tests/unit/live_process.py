# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make live` in a process of its own, as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.live import __main__ as live
from tests.local_jira import CHECKOUT, LocalJira

ISSUES = "REL-1,APP-1,LIB-1"
COMMAND = (sys.executable, "-m", "tests.live")
MAKE = ("make", "-C", str(CHECKOUT), "-o", ".venv/run", "live")
"""With what this Python has, since there may be no .venv in the checkout."""


def environment(site: LocalJira, **more: str) -> dict[str, str]:
    """What a user exports; names that are given with an empty value are as good as unset."""
    login = {"JIRA_USERNAME": "demo@example.com", "JIRA_API_TOKEN": "demo-token"}
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME")},
        "PYTHONPATH": str(CHECKOUT),
        "JIRA_URL": site.url,
        "LIVE_ISSUES": ISSUES,
        **(login if site.cloud else {"JIRA_TOKEN": "demo-pat"}),
        **more,
    }


def started(
    site: LocalJira, folder: Path, command: Sequence[str] = COMMAND, stdin: int = subprocess.DEVNULL, /, **more: str
) -> subprocess.Popen[str]:
    """In a session of its own, so that a signal can be sent to make and all that it started, as a terminal does."""
    return subprocess.Popen(
        command, cwd=folder, env=environment(site, **more), stdin=stdin, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit status and output."""
    said, _nothing = process.communicate(timeout=60)
    return process.returncode, said


def run_here(site: LocalJira, folder: Path, monkeypatch: pytest.MonkeyPatch, **more: str) -> int:
    """In this process."""
    monkeypatch.chdir(folder)
    for name, value in environment(site, **more).items():
        monkeypatch.setenv(name, value)
    return live.main()


def held(site: LocalJira) -> list[Any]:
    """What a run may leave behind."""
    state = site.state()
    return [*state["links"], *state["comments"], *state["remote_links"]]
