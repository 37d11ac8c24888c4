# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measurements as Markdown, and their place in docs/benchmarks.md."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tests.local_jira import CHECKOUT

DOCUMENT = CHECKOUT / "docs/benchmarks.md"


class Aim(NamedTuple):
    """What was aimed at, and how near it came."""

    what: str
    met: bool
    measured: str

    @property
    def text(self) -> str:
        return f"- {'met' if self.met else '**not met**'}: {self.what} ({self.measured})"


def table(title: str, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---", *["---:"] * (len(heading) - 1)], *rows]
    return "\n".join([f"**{title}**", "", *(f"| {' | '.join(line)} |" for line in lines)])


def section(name: str, blocks: Sequence[str], rounds: int, note: str) -> str:
    """A part's measurements with what one has to know about them, between the marks that the next run looks for."""
    facts = f"Measured on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}, rounds: {rounds}. {machine()} {versions()}"
    joined = "\n\n".join([*([f"**{note}**"] if note else []), facts, *blocks]).replace("\n\n- ", "\n- ")
    return f"{_mark('begin', name)}\n\n{_lists_apart(joined)}\n\n{_mark('end', name)}"


def _lists_apart(text: str) -> str:
    """With an empty line before the first aim after a table."""
    return re.sub(r"(?m)^(\|.*\n)(?=- )", r"\1\n", text)


def write(name: str, text: str) -> None:
    """Put a part's measurements in the place of the former ones."""
    document = DOCUMENT.read_text(encoding="utf-8")
    begin, end = _mark("begin", name), _mark("end", name)
    before, rest = document.split(begin)
    DOCUMENT.write_text(before + text + rest.split(end)[1], encoding="utf-8")


def _mark(what: str, name: str) -> str:
    return f"<!-- {what} of what make bench measured: {name} -->"


def machine() -> str:
    cpu = re.search(r"model name\s*: (.*)", _content("/proc/cpuinfo"))
    memory = re.search(r"MemTotal: *(\d+)", _content("/proc/meminfo"))
    parts = [
        cpu[1] if cpu else platform.machine(),
        f"{os.cpu_count()} cores",
        *([f"{int(memory[1]) / 1024**2:.0f} GB of memory"] if memory else []),
        platform.system(),
    ]
    return f"Machine: {', '.join(parts)}."


def versions() -> str:
    programs = [f"{name} {version(name)}" for name in ("ansible-core", "requests", "httpx", "aiohttp")]
    others = f"community.general {community_general()} (ansible {version('ansible')})"
    return f"Versions: {', '.join(programs)}, {others}, Python {platform.python_version()}."


def community_general() -> str:
    """The version of the collection that came with the package ansible."""
    found = importlib.metadata.distribution("ansible").locate_file("ansible_collections/community/general")
    manifest = Path(str(found)) / "MANIFEST.json"
    return str(json.loads(manifest.read_text())["collection_info"]["version"])


def _content(path: str) -> str:
    file = Path(path)
    return file.read_text() if file.exists() else ""
