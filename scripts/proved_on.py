# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write docs/proved-on.md from the reports of `make live` that are kept in docs/proved-on: `make proved-on`.

What a report says of a fact is taken from it; what the fact itself says is taken from tests/live. So a report brings
no other words to the page than answers that the facts know.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.live.ask import MODULES
from tests.live.fact import FACTS
from tests.live.report import DIFFERS, FORMAT, HELD, NOT_ASKED, VERSION, kept, table

CHECKOUT = Path(__file__).resolve().parents[1]
REPORTS, PAGE = CHECKOUT / "docs/proved-on", CHECKOUT / "docs/proved-on.md"
DEPLOYMENTS = {"cloud": "Cloud", "data_center": "Data Center"}
# REUSE-IgnoreStart
HEAD = """\
<!--
Copyright (c) 2026, linkops.jira contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

# Proved on

This collection and its [sandbox](sandbox.md) follow what Jira's documentation and its users say about issue links.
This page shows what real sites answered. `make live` [asks yours](live.md) in a minute.
`make proved-on` makes this page from the reports in `docs/proved-on`.
"""
# REUSE-IgnoreEnd
NONE = "No report is kept yet: no real site was asked so far."


class Kept(NamedTuple):
    """A report that is kept. `facts` has (verdict, what was seen) by the name of the fact."""

    deployment: str
    version: str
    date: str
    facts: dict[str, tuple[str, str]]


def load(folder: Path) -> list[Kept]:
    """All reports of a folder, the newest first. Raises ValueError where one is none, or not of a real site."""
    reports = [_read(path) for path in sorted(folder.glob("*.json"))]
    return sorted(reports, key=lambda report: report.date, reverse=True)


def _read(path: Path) -> Kept:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        facts = {each["name"]: (each["verdict"], kept(each["seen"])) for each in data["facts"]}
        report = Kept(data["deployment"], data["version"], data["date"], facts)
        right = (
            data["format"] == FORMAT
            and report.deployment in DEPLOYMENTS
            and isinstance(data["on_this_machine"], bool)
            and VERSION.fullmatch(report.version)
            and re.fullmatch(r"\d{4}-\d\d-\d\d", report.date)
            and {verdict for verdict, _seen in facts.values()} <= {HELD, DIFFERS, NOT_ASKED}
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        right = None
    if not right:
        raise ValueError(f"{path.name} is no report of make live as it is now")
    if data["on_this_machine"]:
        raise ValueError(f"{path.name} is of a Jira on the machine that asked, such as a sandbox, and of no real site")
    return report


def page(reports: Sequence[Kept]) -> str:
    if not reports:
        return f"{HEAD}\n{NONE}\n"
    return "\n".join([
        HEAD,
        *table(("Jira", "version", "date", HELD, DIFFERS, NOT_ASKED), map(_summary, reports)),
        "",
        "## The facts",
        "",
        f"With what was seen, and on how many sites. Where it is no expected answer, it {DIFFERS}.",
        "",
        *table(("fact", *DEPLOYMENTS.values()), _rows(reports)),
        "",
    ])  # fmt: skip


def _summary(report: Kept) -> list[object]:
    counts = Counter(verdict for verdict, _seen in report.facts.values())
    site = DEPLOYMENTS[report.deployment], report.version, report.date
    return [*site, *(counts[verdict] for verdict in (HELD, DIFFERS, NOT_ASKED))]


def _rows(reports: Sequence[Kept]) -> Iterator[list[str]]:
    for name, fact in FACTS.items():
        yield [fact.says, *(_seen(reports, name, deployment) for deployment in DEPLOYMENTS)]


def _seen(reports: Sequence[Kept], name: str, deployment: str) -> str:
    answers = [report.facts[name] for report in reports if report.deployment == deployment and name in report.facts]
    counts = Counter(_answer(*answer) for answer in answers if answer[0] != NOT_ASKED)
    return "; ".join(f"{answer} ({number})" for answer, number in counts.most_common())


def _answer(verdict: str, seen: str) -> str:
    return seen if verdict == HELD else f"**{DIFFERS}**: {seen}"


def main() -> None:
    try:
        PAGE.write_text(page(load(REPORTS)), encoding="utf-8")
    except ValueError as error:
        sys.exit(f"make proved-on: {error}")
    print(f"{PAGE}: {len(FACTS)} facts in {len(MODULES)} files of tests/live/facts")


if __name__ == "__main__":
    main()
