# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole sets of links: `jira_issue_links` against a loop, against bare clients, and against Jira's own limits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import ceil
from typing import Any

from .bench import Bench, Link, Series, Task, hub_links, measuring, some_links
from .loops import CG, THEIRS, creating, empty
from .report import Aim, table

SET_TASK: Task = {"linkops.jira.jira_issue_links": {"links": "{{ links }}"}}
OURS, AGAIN, PLAYBOOK = "ours, the module alone", "ours again, nothing to change", "ours, whole playbook"
CLIENTS = ("aiohttp", "httpx")
FAR = 0.02  # seconds that every answer takes longer
WRITES_TO_ONE_ISSUE = ((20, 2.0), (100, 30.0))
"""Jira Cloud's limits: so many writes in so many seconds."""
Cases = dict[str, Callable[[], dict[str, Any]]]


def part_sets(cloud: Bench) -> list[str]:
    """A thousand links, compared; growth up to ten thousand; a hub.

    On Data Center, since on Cloud the module keeps to the limits whether or not they are enforced.
    """
    with measuring(cloud.rounds, cloud.quick, "data_center") as bench:
        return [*_compared(bench), *_far_away(bench), *_growth(bench), *_hub(bench)]


def _compared(bench: Bench) -> list[str]:
    count, issues = (50, 10) if bench.quick else (1000, 200)
    links, few = some_links(count, issues), some_links(5 if bench.quick else 50, 10)
    cases: Cases = {
        OURS: partial(_ours, bench, links),
        AGAIN: partial(bench.child, "ours", task={"links": links}),
        PLAYBOOK: partial(_playbook, bench, links),
        **{f"bare client, {client}": partial(_bare, bench, links, client) for client in CLIENTS},
        "empty playbook": lambda: {"seconds": empty(bench)},
        CG: lambda: {"seconds": creating(bench, THEIRS, few)},
    }
    took = bench.rounds_of(cases)
    seconds = {name: Series(each["seconds"] for each in rounds) for name, rounds in took.items()}
    their_own = seconds[CG].median - seconds.pop("empty playbook").median
    seconds[f"{CG}, {len(few)} in a loop, scaled"] = Series([their_own / len(few) * count])
    del seconds[CG]
    rows = [
        [name, series.text(), f"{1000 * series.median / count:.2f}", _number(took.get(name), "requests")]
        for name, series in seconds.items()
    ]
    title = f"{count:,} links among {issues} issues"
    sent, most = took[AGAIN][0]["requests"], ceil(issues / 100) + 2
    faster = their_own / len(few) * count / seconds[OURS].median
    return [
        table(title, ["", "s", "ms per link", "requests"], rows),
        Aim(f"at least 100 times faster per link than {CG} in a loop", faster >= 100, f"{faster:.0f} times").text,
        *(_near(seconds, client) for client in CLIENTS),
        Aim("the second run in at most ⌈issues / 100⌉ + 2 requests", sent <= most, f"{sent} of {most}").text,
    ]


def _near(seconds: dict[str, Series], client: str) -> str:
    ratio = seconds[OURS].median / seconds[f"bare client, {client}"].median
    return Aim(f"within 1.5 times of the bare client with {client}", ratio <= 1.5, f"{ratio:.2f} times").text


def _far_away(bench: Bench) -> list[str]:
    """The same against a Jira that is not on the same machine."""
    count, issues = (50, 10) if bench.quick else (1000, 200)
    links = some_links(count, issues)
    cases: Cases = {
        OURS: partial(_ours, bench, links, FAR),
        **{f"bare client, {client}": partial(_bare, bench, links, client, FAR) for client in CLIENTS},
    }
    took = bench.rounds_of(cases)
    seconds = {name: Series(each["seconds"] for each in rounds) for name, rounds in took.items()}
    rows = [[name, series.text(), f"{1000 * series.median / count:.2f}"] for name, series in seconds.items()]
    title = f"The same, every answer {1000 * FAR:.0f} ms later"
    return [table(title, ["", "s", "ms per link"], rows), *(_near(seconds, client) for client in CLIENTS)]


def _growth(bench: Bench) -> list[str]:
    sizes = (50, 100) if bench.quick else (1000, 2500, 5000, 10_000)
    sets = {str(size): some_links(size, size // 5) for size in sizes}
    cases: Cases = {size: partial(_ours, bench, links) for size, links in sets.items()}
    cases[PLAYBOOK] = partial(_playbook, bench, sets[str(sizes[-1])])
    took = bench.rounds_of(cases)
    alone = {int(size): rounds for size, rounds in took.items() if size != PLAYBOOK}
    rows = [_growth_row(f"{size:,}", size, rounds) for size, rounds in alone.items()]
    rows.append(_growth_row(f"{sizes[-1]:,}, whole playbook", sizes[-1], took[PLAYBOOK]))
    each = {size: Series(one["seconds"] for one in rounds).median / size for size, rounds in alone.items()}
    grown = {size: Series(one["grown_mb"] for one in rounds).median / size for size, rounds in alone.items()}
    slower, larger = (values[sizes[-1]] / values[sizes[0]] for values in (each, grown))
    heading = ["links", "s", "ms per link", "requests", "peak memory, MB", "of which the run, MB"]
    return [
        table("Sets among a fifth as many issues", heading, rows),
        _linear("time", slower, sizes[-1]),
        _linear("memory", larger, sizes[-1]),
    ]


def _growth_row(name: str, size: int, rounds: list[dict[str, Any]]) -> list[str]:
    series = Series(one["seconds"] for one in rounds)
    facts = [_number(rounds, "requests"), _number(rounds, "peak_mb"), _number(rounds, "grown_mb")]
    return [name, series.text(), f"{1000 * series.median / size:.2f}", *facts]


def _linear(what: str, ratio: float, most: int) -> str:
    measured = f"a link costs {ratio:.2f} times as much as in the smallest set"
    return Aim(f"{what} grows linearly to {most:,} links, give or take a quarter", ratio <= 1.25, measured).text


def _hub(bench: Bench) -> list[str]:
    count = 20 if bench.quick else 1000
    links = hub_links(count)
    took = bench.rounds_of(
        {OURS: partial(_ours, bench, links), AGAIN: partial(bench.child, "ours", task={"links": links})}
    )
    rows = [_growth_row(name, count, rounds) for name, rounds in took.items()]
    heading = ["", "s", "ms per link", "requests", "peak memory, MB", "of which the run, MB"]
    return [table(f"One issue with {count:,} links", heading, rows)]


def part_limits(bench: Bench) -> list[str]:
    """A hub on Cloud with its limits enforced: one round, for it takes nearly five minutes."""
    count = 30 if bench.quick else 1000
    allowed = fastest(count)
    say_so = f"{count:,} writes to one issue take at least {allowed:.0f} s"
    bench.fresh(limits=True)
    took = bench.child("ours", task={"links": hub_links(count)})
    refused = sum(each["status"] == 429 for each in bench.site.control("GET", "requests"))
    ratio = took["seconds"] / allowed
    rows = [
        ["the limits allow", f"{allowed:.1f}", "", ""],
        [OURS, f"{took['seconds']:.1f}", f"{took['seconds_waited']:.1f}", str(refused)],
    ]
    return [
        table(f"One issue with {count:,} links, on Cloud with limits", ["", "s", "of which waited", "429s"], rows),
        Aim(f"within 1.1 times of what the limits allow ({say_so})", ratio <= 1.1, f"{ratio:.2f} times").text,
        Aim("no 429", not refused, str(refused)).text,
    ]


def fastest(writes: int) -> float:
    """Seconds from the first to the last write to one issue, as fast as the limits allow."""
    times: list[float] = []
    for number in range(writes):
        bounds = [times[number - most] + seconds for most, seconds in WRITES_TO_ONE_ISSUE if number >= most]
        times.append(max(bounds, default=0.0))
    return times[-1]


def _ours(bench: Bench, links: list[Link], late: float = 0.0) -> dict[str, Any]:
    bench.fresh(late)
    took = bench.child("ours", task={"links": links})
    assert took["created"] == len(links), took
    return took


def _playbook(bench: Bench, links: list[Link]) -> dict[str, Any]:
    bench.fresh()
    ran = bench.playbook(SET_TASK, variables={"links": links})
    return {"seconds": ran.seconds, "peak_mb": ran.peak_mb, "requests": len(bench.site.requests())}


def _bare(bench: Bench, links: list[Link], client: str, late: float = 0.0) -> dict[str, Any]:
    bench.fresh(late)
    took = bench.child("bare", client=client, links=links)
    sent = bench.site.requests()
    assert len(bench.site.links()) == len(links)
    return {**took, "requests": len(sent)}


def _number(rounds: list[dict[str, Any]] | None, name: str) -> str:
    """The median of a figure; nothing where it was not measured."""
    return f"{Series(each[name] for each in rounds).median:,.0f}" if rounds and name in rounds[0] else ""
