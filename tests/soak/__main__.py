# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make soak`: runs modules against a Jira whose answers go wrong at random, and holds every report against the truth.

What a run does, and what goes wrong with it, depends on the seed and on its number only.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter
from itertools import count

from tests.soak.runs import Seen, Soak, soaking
from tests.soak.scenarios import Trial, draw

MOST_SHOWN = 60  # requests of a run
LONGEST_TEXT = 4_000  # characters of a violation, and of a result


class Counts:
    def __init__(self) -> None:
        self.totals, self.outcomes, self.faults, self.violations = (Counter[str]() for _counter in range(4))

    def add(self, seen: Seen) -> None:
        faults = [exchange.fault for exchange in seen.exchanges if exchange.fault]
        self.totals.update(runs=1, requests=len(seen.exchanges), faults=len(faults))
        self.outcomes[seen.outcome] += 1
        self.faults.update(f"{fault.kind}, {fault.when}" for fault in faults)
        self.violations.update(seen.rules)

    def __str__(self) -> str:
        lines = []
        for title, counter in vars(self).items():
            lines += ["", title, *(f"{number:10,}  {name}" for name, number in counter.most_common())]
        return "\n".join(lines)


def told(seed: int, number: int, trial: Trial, seen: Seen) -> str:
    """A run in full: how to repeat it, its task, its requests with what went wrong, its report and its violations."""
    again = f"make soak ARGS='--seed {seed} --run {number}'"
    return "\n".join([
        f"\nrun {number}: {seen.outcome}. Again: {again}",
        str(trial),
        *(f"    {exchange}" for exchange in seen.exchanges[:MOST_SHOWN]),
        f"  reports: {str(seen.report and tuple(seen.report))[:LONGEST_TEXT]}",
        *(f"  VIOLATION {str(violation)[:LONGEST_TEXT]}" for violation in seen.violations),
    ])  # fmt: skip


def soak_through(soak: Soak, seed: int, minutes: float) -> Counts:
    """Run after run until the time is over. A violation is shown once for each module and its faults."""
    counts, shown, ends = Counts(), set[str](), time.monotonic() + minutes * 60
    for number in count(1):
        if time.monotonic() > ends:
            break
        trial = draw(f"{seed} {number}")
        seen = soak.try_out(trial, trial.storm)
        counts.add(seen)
        if seen.violations:
            small = soak.shrunk(trial, seen)
            signature = f"{trial.scenario.module.__name__} {small.signature}"
            if signature not in shown:
                print(told(seed, number, trial, small), flush=True)
            shown.add(signature)
    return counts


def main() -> int:
    options = _options()
    seed = random.randrange(1_000_000) if options.seed is None else options.seed
    with soaking() as soak:
        if options.run is None:
            counts = soak_through(soak, seed, options.minutes)
        else:
            counts, trial = Counts(), draw(f"{seed} {options.run}")
            seen = soak.try_out(trial, trial.storm)
            counts.add(seen)
            print(told(seed, options.run, trial, soak.shrunk(trial, seen) if seen.violations else seen))
        problems = [problem for weather in soak.weathers.values() for problem in weather.problems]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nseed {seed}, {memory} MB of memory at most\n{counts}")
    for problem in problems:
        print(f"The proxy itself failed: {problem!r}")
    return 1 if counts.violations or problems else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long (10)")
    parser.add_argument("--seed", type=int, help="another one each time, if not given")
    parser.add_argument("--run", type=int, metavar="NUMBER", help="only this run of the seed, shown in full")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
