# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the integration tests on every ansible-core that this machine can install, each in a virtual environment.

The tests themselves run in .venv; ansible-playbook and its family, and the sandbox role, in the other environments.
At the end stands a table, which README.md repeats. Without arguments it is all of CORES, else those that are named.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .pythons import interpreters

CHECKOUT = Path(__file__).resolve().parents[1]
PLACE = CHECKOUT / ".cache/matrix"
NEEDS = ("requests==", "aiohttp==")  # the collection's and the sandbox's, as constraints.txt pins them
CORES = {
    # the Pythons that its controller runs on, the one to try first before the others
    "2.16.19": ("3.10", "3.11", "3.12"),
    "2.17.14": ("3.12", "3.11", "3.10"),
    "2.18.19": ("3.12", "3.11", "3.13"),
    "2.19.14": ("3.11", "3.13", "3.12"),
    "2.20.10": ("3.12", "3.13"),
    "2.21.5": ("3.13", "3.12"),
}


class Row(NamedTuple):
    core: str
    python: str
    result: str


def installed(core: str, versions: Iterable[str]) -> tuple[str, Path] | None:
    """A Python version and the folder of the programs of this ansible-core, or None if it cannot be had here."""
    pinned = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    needs = [line for line in pinned if line.startswith(NEEDS)]
    for version in versions:
        for python in interpreters(version):
            venv = PLACE / f"{core}-{version}"
            pip = [str(venv / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([python, "-m", "venv", venv], check=True)
            if subprocess.run([*pip, f"ansible-core=={core}", *needs], check=False).returncode == 0:
                return version, venv / "bin"
    return None


def tested(core: str, versions: tuple[str, ...]) -> Row:
    print(f"\n== ansible-core {core} {'=' * 60}", flush=True)
    found = installed(core, versions)
    if not found:
        return Row(core, " or ".join(versions), "skipped: no such Python here, or it cannot be installed")
    version, programs = found
    environment = {**os.environ, "LINKOPS_ANSIBLE_BIN": str(programs)}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/integration"]
    run = subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    print(run.stdout, flush=True)
    return Row(core, version, "passed" if run.returncode == 0 else "failed")


def main() -> int:
    chosen = sys.argv[1:] or list(CORES)
    rows = [tested(core, CORES[core]) for core in chosen]
    print("\n| ansible-core | Python | integration tests |\n|---|---|---|")
    for row in rows:
        print(f"| {row.core} | {row.python} | {row.result} |")
    words = [row.result.partition(":")[0] for row in rows]
    print(", ".join(f"{words.count(word)} {word}" for word in ("passed", "failed", "skipped")))
    return int("failed" in words)


if __name__ == "__main__":
    sys.exit(main())
