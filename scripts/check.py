# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run make targets in order, up to the first that fails, and say at the end how each of them went.

In a target's output, a line `SKIPPED: why` says that it could not run here, and `SKIPPED [n] what: why`, as pytest
writes it, that n parts of it could not. Both count as skipped; a target skipped as a whole does not count as passed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

SKIPPED = re.compile(r"SKIPPED(?: \[(?P<parts>\d+)\]|:) (?P<why>.*)")


class Outcome(NamedTuple):
    """How one target went: passed, failed or skipped; how many skips that makes, and why they were."""

    target: str
    word: str
    skips: int = 0
    reasons: tuple[str, ...] = ()


def show(process: subprocess.Popen[str]) -> Iterator[str]:
    """Print what the process prints, as it comes, and yield it line by line."""
    for line in process.stdout or ():
        print(line, end="", flush=True)
        yield line


def run(target: str) -> Outcome:
    """Run one make target and judge it by its exit code and its SKIPPED lines."""
    print(f"\n== {target} {'=' * (76 - len(target))}", flush=True)
    command = [os.environ.get("MAKE", "make"), "--no-print-directory", target]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        found = [match for line in show(process) if (match := SKIPPED.match(line))]
    whole = any(match["parts"] is None for match in found)
    word = "failed" if process.returncode else "skipped" if whole else "passed"
    return Outcome(target, word, sum(int(match["parts"] or 1) for match in found), tuple(m["why"] for m in found))


def run_all(targets: list[str]) -> list[Outcome]:
    """Run the targets; after one that fails, the others count as skipped."""
    outcomes: list[Outcome] = []
    for target in targets:
        if any(outcome.word == "failed" for outcome in outcomes):
            outcomes.append(Outcome(target, "skipped", 1, ("not run after a failure",)))
        else:
            outcomes.append(run(target))
    return outcomes


def summary(outcomes: list[Outcome]) -> str:
    """One line for each target, its skips below it, and the counts in the last line."""
    lines = [f"\n== summary {'=' * 69}"]
    for outcome in outcomes:
        lines.append(f"{outcome.target:<12} {outcome.word}")
        lines.extend(f"{'':<12}   skipped: {reason}" for reason in outcome.reasons)
    words = [outcome.word for outcome in outcomes]
    skips = sum(outcome.skips for outcome in outcomes)
    return "\n".join([*lines, f"{words.count('passed')} passed, {words.count('failed')} failed, {skips} skipped"])


if __name__ == "__main__":
    outcomes = run_all(sys.argv[1:])
    print(summary(outcomes))
    sys.exit(any(outcome.word == "failed" for outcome in outcomes))
