# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make bench`: measures on a sandbox and writes the tables of docs/benchmarks.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from . import far, loops, report, sets
from .bench import Bench, measuring, say

PARTS: dict[str, Callable[[Bench], list[str]]] = {
    "far": far.part_far,
    "loop": loops.part_loop,
    "shares": loops.part_shares,
    "sets": sets.part_sets,
    "limits": sets.part_limits,
}


ONCE = ("far", "limits")
"""They take minutes, and most of that is waiting, which takes as long every time."""


def main() -> None:
    options = _options()
    for name in options.parts or PARTS:
        rounds = options.rounds or (1 if options.quick or name in ONCE else 5)
        say(name)
        with measuring(rounds, options.quick) as bench:
            blocks = PARTS[name](bench)
        text = report.section(name, blocks, rounds, options.note)
        print(text, end="\n\n", flush=True)
        if not options.quick:
            report.write(name, text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; without any, all of them")
    parser.add_argument("--quick", action="store_true", help="few links and one round, to try it; writes no document")
    parser.add_argument("--rounds", type=int, help="how often each case is measured (5; far and limits 1)")
    parser.add_argument("--note", default="", help="a remark to stand above the tables")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    main()
