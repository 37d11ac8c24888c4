# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a run: a table for the terminal, and a report that holds nothing of the site's own words.

What a report may hold is listed here: sentences of the facts, answers that are spelled in the code, statuses, known
texts of Jira with their placeholders, the version, whether Jira is on this machine, the date, and how long calls took
by their names. A word of an answer that is not among the expected ones is replaced by an ellipsis.
"""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from tests.live.fact import FACTS, Fact
from tests.live.reasons import Reason
from tests.live.site import Call
from tests.live.words import KNOWN, OTHER_WORDS

HELD, DIFFERS, NOT_ASKED = "held", "differs", "not asked"
VERSION = re.compile(r"\d+(\.\d+)*(-SNAPSHOT)?")
FORMAT = 2
REPORTS = JSON, MARKDOWN = "live-report.json", "live-report.md"


class Result(NamedTuple):
    """`seen` is the answer, or why there is none."""

    fact: Fact
    expected: Sequence[str]
    seen: str
    verdict: str


def judged(fact: Fact, expected: Sequence[str], seen: str) -> Result:
    return Result(fact, expected, seen, HELD if seen in expected else DIFFERS)


def not_asked(fact: Fact, reason: Reason) -> Result:
    return Result(fact, (), reason.value, NOT_ASKED)


class Report(NamedTuple):
    deployment: str
    version: str
    on_this_machine: bool
    date: str
    results: Sequence[Result]
    calls: Sequence[Call]
    lags: dict[str, float]

    def differences(self) -> list[Result]:
        return [result for result in self.results if result.verdict == DIFFERS]

    @property
    def summary(self) -> str:
        """``64 held, 0 differ, 5 not asked``."""
        counts = Counter(result.verdict for result in self.results)
        return f"{counts[HELD]} held, {counts[DIFFERS]} differ, {counts[NOT_ASKED]} not asked"

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "deployment": self.deployment,
            "version": self.version if VERSION.fullmatch(self.version) else "unknown",
            "on_this_machine": self.on_this_machine,
            "date": self.date,
            "facts": [
                {
                    "name": result.fact.name,
                    "says": result.fact.says,
                    "expected": list(result.expected),
                    "seen": kept(result.seen),
                    "verdict": result.verdict,
                }
                for result in self.results
            ],
            "seconds": dict(_durations(self.calls)),
            "lags": {name: round(seconds, 1) for name, seconds in self.lags.items()},
        }

    def to_markdown(self) -> str:
        """The same as the JSON, for people."""
        data = self.to_json()
        kind = "Cloud" if self.deployment == "cloud" else "Data Center"
        where = "on this machine, such as a sandbox" if self.on_this_machine else "on another machine"
        site = f"Jira {kind} {data['version']}, {where}, {self.date}"
        return "\n".join([
            f"{site}: {self.summary}.",
            "",
            *table(("fact", "expected", "seen", "verdict"), map(_row, data["facts"])),
            "",
            *table(
                ("call", "times", "median seconds", "slowest"),
                ([name, each["times"], each["median"], each["slowest"]] for name, each in data["seconds"].items()),
            ),
            "",
            *table(("a search finds a new link", "after seconds"), data["lags"].items()),
            "",
        ])  # fmt: skip


def report(
    deployment: str,
    version: str,
    on_this_machine: bool,
    results: Sequence[Result],
    calls: Sequence[Call],
    lags: dict[str, float],
) -> Report:
    """A report of today."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return Report(deployment, version, on_this_machine, today, results, calls, lags)


def _row(fact: dict[str, Any]) -> list[str]:
    return [fact["says"], " or: ".join(fact["expected"]), fact["seen"], fact["verdict"]]


def table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a table in Markdown."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', '¦') for cell in row)} |"


def vocabulary() -> set[str]:
    """The words that an answer in a report may have; statuses come on top."""
    texts = [text for fact in FACTS.values() for text in (*(fact.cloud or ()), *(fact.data_center or ()))]
    return {
        word for text in (*texts, *KNOWN, OTHER_WORDS, *(reason.value for reason in Reason)) for word in text.split()
    }


def kept(seen: str) -> str:
    """The answer with an ellipsis in the place of every word that no expected answer has."""
    words = vocabulary()
    return " ".join(word if word in words or re.fullmatch(r"[1-5]\d\d,?", word) else "…" for word in seen.split())


def _durations(calls: Sequence[Call]) -> Iterator[tuple[str, dict[str, float]]]:
    for name in sorted({call.name for call in calls}):
        seconds = [call.seconds for call in calls if call.name == name]
        yield name, {"times": len(seconds), "median": round(median(seconds), 3), "slowest": round(max(seconds), 3)}


def write(made: Report, folder: Path) -> None:
    text = json.dumps(made.to_json(), indent=2, ensure_ascii=False)
    (folder / JSON).write_text(text + "\n", encoding="utf-8")
    (folder / MARKDOWN).write_text(made.to_markdown(), encoding="utf-8")


def forget(folder: Path) -> None:
    """Remove the reports of an earlier run."""
    for name in REPORTS:
        (folder / name).unlink(missing_ok=True)
