# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Jira as far away as real ones are: TLS, a round trip, time for each request, and limits that are enforced."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from .bench import Bench, Link, Series, far_away, hub_links, some_links
from .loops import CG, OURS, THEIRS, creating, empty, repeating
from .report import Aim, table
from .sets import WRITES_TO_ONE_ISSUE, fastest

ROUND_TRIPS = (0.01, 0.04, 0.15)
ORDINARY = 0.04
"""Seconds; the aims are for this one."""
CLOUD = {"limits": True, "delays": {"read": 0.06, "write": 0.2, "megabyte": 1}}
"""As an ordinary Jira Cloud: a bulk read of a hundred issues with ten links each takes about a second."""
DATA_CENTER = {"delays": {"read": 0.06, "write": 0.06}, "workers": 8}
RATE = 80  # requests a second: four fifths of what Jira Cloud publishes
AT_ONCE = (4, 8, 12, 16, 24, 32, 64)
EMPTY, AGAIN, ONE_BY_ONE, FLOOR = "empty playbook", "again, nothing to change", "one read after another", "the floor"
Case = dict[str, Any]


def part_far(bench: Bench) -> list[str]:
    """The same cases at each round trip; then a Data Center with a queue."""
    took = {}
    for round_trip in ROUND_TRIPS:
        with far_away(round_trip, bench.rounds, bench.quick, CLOUD) as cloud:
            took[round_trip] = cloud.rounds_of(_cases(cloud, _Sizes(bench.quick)))
    return [*_cloud(took, _Sizes(bench.quick)), *_data_center(bench)]


class _Sizes:
    def __init__(self, quick: bool) -> None:
        self.loop, self.some, self.many = (5, 20, 100) if quick else (20, 500, 5000)
        self.hub, self.depth = (25, 100) if quick else (300, 2000)

    @property
    def sharing(self) -> str:
        return f"four processes with {self.hub // 3} links each to one issue"

    @property
    def sets(self) -> dict[str, list[Link]]:
        spread = {f"a set of {size:,}": _spread(size) for size in (self.loop, self.some, self.many)}
        return {**spread, f"a hub of {self.hub:,}": hub_links(self.hub)}


def _spread(count: int) -> list[Link]:
    return some_links(count, max(10, count // 5))


def _cases(cloud: Bench, sizes: _Sizes) -> dict[str, Callable[[], Case]]:
    few, many = _spread(sizes.loop), _spread(sizes.many)
    cases: dict[str, Callable[[], Case]] = {
        EMPTY: lambda: {"seconds": empty(cloud)},
        f"{CG}, a loop of {sizes.loop}": lambda: {"seconds": creating(cloud, THEIRS, few)},
        f"ours, a loop of {sizes.loop}": lambda: {"seconds": creating(cloud, OURS, few)},
        f"ours, a loop of {sizes.loop}, {AGAIN}": lambda: {"seconds": repeating(cloud, few)},
    }
    for name, links in sizes.sets.items():
        cases[f"{FLOOR}, {name}"] = partial(_floor, cloud, links)
        cases[f"ours, {name}"] = partial(_ours, cloud, links)
        if links == many:
            cases[f"ours, {name}, {AGAIN}"] = partial(_again, cloud, links)
            cases[f"ours, {name}, {AGAIN}, {ONE_BY_ONE}"] = partial(_again, cloud, links, concurrency=1)
            cases[f"{FLOOR}, {name}, {AGAIN}"] = partial(_floor_again, cloud, links)
    cases[f"ours, {sizes.sharing}"] = partial(_sharing, cloud, sizes.hub // 3 * 4)
    search = f"a depth search over {sizes.depth:,} issues"
    cases[f"{FLOOR}, {search}"] = partial(_depth_floor, cloud, sizes.depth, 1000)
    cases[f"{FLOOR}, {search}, {ONE_BY_ONE}"] = partial(_depth_floor, cloud, sizes.depth, 1)
    cases[f"ours, {search}"] = partial(_depth, cloud, sizes.depth)
    return cases


def _ours(bench: Bench, links: list[Link], **options: Any) -> Case:
    bench.fresh()
    took = bench.child("ours", task={"links": links, **options})
    assert took["created"] == len(links), took
    return {**took, "refused": _refused(bench)}


def _again(bench: Bench, links: list[Link], **options: Any) -> Case:
    """For the links that the case before has made."""
    bench.site.control("DELETE", "requests")
    took = bench.child("ours", task={"links": links, **options})
    assert took["present"] == len(links), took
    return {**took, "refused": _refused(bench)}


def _sharing(bench: Bench, count: int) -> Case:
    """As slices of a job do."""
    bench.fresh()
    links = hub_links(count)

    def one(number: int) -> Case:
        return bench.child("ours", number, task={"links": links[number::4]})

    with ThreadPoolExecutor(4) as pool:
        took = list(pool.map(one, range(4)))
    assert len(bench.site.links()) == count
    return {**took[0], "seconds": max(each["seconds"] for each in took), "refused": _refused(bench)}


def _floor(bench: Bench, links: list[Link], **options: Any) -> Case:
    bench.fresh()
    # The first write on a new connection arrives two round trips later than others, and counts from then on.
    windows = [(most, seconds + 0.1 + 3 * bench.round_trip) for most, seconds in WRITES_TO_ONE_ISSUE]
    limits = {"rate": RATE, "windows": windows} if bench.site.cloud else {}
    took = bench.child("floor", api=_api(bench), links=links, write=True, limits=limits, **options)
    assert len(bench.site.links()) == len(links)
    return {**took, "refused": _refused(bench), "requests": len(bench.site.requests())}


def _floor_again(bench: Bench, links: list[Link]) -> Case:
    bench.site.control("DELETE", "requests")
    took = bench.child("floor", api=_api(bench), links=links, write=False)
    return {**took, "refused": _refused(bench), "requests": len(bench.site.requests())}


def _tree(size: int) -> list[tuple[str, str, str]]:
    """BEN-1 blocks seven issues, and each of them seven more, until there are enough."""
    return [(f"BEN-{(number - 2) // 7 + 1}", "Blocks", f"BEN-{number}") for number in range(2, size + 1)]


def _depth(bench: Bench, size: int) -> Case:
    bench.fresh(links=_tree(size))
    took = bench.child("ours", module="jira_issue_link_info", task={"issues": ["BEN-1"], "depth": -1})
    return {**took, "refused": _refused(bench), "requests": len(bench.site.requests())}


def _depth_floor(bench: Bench, size: int, at_once: int) -> Case:
    bench.fresh(links=_tree(size))
    took = bench.child("floor", api=_api(bench), start="BEN-1", at_once=at_once)
    assert took["found"] == size
    return {**took, "refused": _refused(bench), "requests": len(bench.site.requests())}


def _api(bench: Bench) -> int:
    return 3 if bench.site.cloud else 2


def _refused(bench: Bench) -> int:
    return sum(each["status"] == 429 for each in bench.site.control("GET", "requests"))


def _cloud(took: dict[float, dict[str, list[Case]]], sizes: _Sizes) -> list[str]:
    seconds = {
        round_trip: {name: Series(each["seconds"] for each in rounds) for name, rounds in cases.items()}
        for round_trip, cases in took.items()
    }
    here, own = took[ORDINARY], seconds[ORDINARY]
    start, theirs = own[EMPTY].median, own[f"{CG}, a loop of {sizes.loop}"].median

    def row(name: str) -> list[str]:
        count = next((len(links) for said, links in sizes.sets.items() if said in name), 0)
        count = sizes.loop if "loop" in name else 0 if AGAIN in name else count
        each = (own[name].median - (start if "loop" in name else 0)) / count if count else 0.0
        faster = (theirs - start) / sizes.loop / each if count else 0.0
        refused = [
            str(sum(one["refused"] for one in cases[name])) for cases in took.values() if "refused" in cases[name][0]
        ]
        return [
            name,
            *(series[name].text() for series in seconds.values()),
            f"{1000 * each:,.1f}" if each else "",
            f"{faster:.1f}" if faster else "",
            f"{here[name][0]['requests']:,}" if "requests" in here[name][0] else "",
            ", ".join(refused),
        ]

    heading = [
        "",
        *(f"s, at {1000 * round_trip:.0f} ms" for round_trip in took),
        "ms per link, at 40 ms",
        f"times faster than {CG}",
        "requests",
        "429s",
    ]
    title = "A Jira Cloud with limits and TLS: 60 ms for a read, 200 ms for a write, about 1 s for a full bulk read"
    return [table(title, heading, [row(name) for name in own]), *_aims(took, sizes)]


def _aims(took: dict[float, dict[str, list[Case]]], sizes: _Sizes) -> list[str]:
    own = {name: Series(each["seconds"] for each in rounds).median for name, rounds in took[ORDINARY].items()}
    start, theirs = own[EMPTY], own[f"{CG}, a loop of {sizes.loop}"]
    names = list(sizes.sets)
    hub, many = f"ours, {names[-1]}", f"ours, {names[2]}"
    allowed = fastest(sizes.hub)
    faster = (theirs - start) / sizes.loop / (own[f"ours, {names[1]}"] / sizes.some)
    again, serial = own[f"{many}, {AGAIN}"], own[f"{many}, {AGAIN}, {ONE_BY_ONE}"]
    refused = sum(
        each.get("refused", 0)
        for cases in took.values()
        for name, rounds in cases.items()
        for each in rounds
        if name.startswith("ours") and sizes.sharing not in name
    )
    shared, together = own[f"ours, {sizes.sharing}"], fastest(sizes.hub // 3 * 4)
    return [
        _rate_aim(own[f"ours, {names[1]}"], sizes.some, 1.3),
        _rate_aim(own[many], sizes.many, 1.1),
        Aim(
            f"{names[-1]} within 1.1 times of what the limits allow ({allowed:.1f} s)",
            own[hub] <= 1.1 * allowed,
            f"{own[hub] / allowed:.2f} times",
        ).text,
        Aim("no 429", not refused, str(refused)).text,
        Aim(
            f"{sizes.sharing} in at most 1.3 times of what the limits allow ({together:.0f} s)",
            shared <= 1.3 * together,
            f"{shared / together:.2f} times",
        ).text,
        Aim(f"at least 40 times faster per link than {CG} in a loop", faster >= 40, f"{faster:.0f} times").text,
        Aim(
            f"{names[2]} again in at most a quarter of the time of its reads one after another",
            again <= serial / 4,
            f"{again / serial:.2f} times",
        ).text,
    ]


def _rate_aim(seconds: float, count: int, most: float) -> str:
    allowed = count / RATE
    what = f"a set of {count:,} within {most} times of what our own rate allows ({allowed:.1f} s)"
    return Aim(what, seconds <= most * allowed, f"{seconds / allowed:.2f} times").text


def _data_center(bench: Bench) -> list[str]:
    """Any number of requests at once, and as many as the module finds fit."""
    links = some_links(40 if bench.quick else 1000, 20 if bench.quick else 200)
    with far_away(ORDINARY, bench.rounds, bench.quick, DATA_CENTER, "data_center") as site:
        cases: dict[str, Callable[[], Case]] = {
            f"a bare client, {count} at once": partial(_floor, site, links, at_once=count) for count in AT_ONCE
        }
        ours = "ours"
        took: dict[str, list[Case]] = site.rounds_of({**cases, ours: partial(_ours, site, links)})
    seconds = {name: Series(each["seconds"] for each in rounds) for name, rounds in took.items()}
    latency = {name: Series(1000 * each["latency"] for each in rounds) for name, rounds in took.items()}
    rows = [
        [name, seconds[name].text(), f"{len(links) / seconds[name].median:.0f}", latency[name].text(0)] for name in took
    ]
    best = min(each.median for name, each in seconds.items() if name != ours)
    unloaded = latency[next(iter(cases))].median
    slower, later = seconds[ours].median / best, latency[ours].median / unloaded
    title = f"{len(links):,} links on a Data Center with 8 workers at 60 ms and a queue, 40 ms away"
    return [
        table(title, ["", "s", "links a second", "a write takes, ms"], rows),
        Aim("throughput within 1.2 times of the best fixed number at once", slower <= 1.2, f"{slower:.2f} times").text,
        Aim("a write takes at most twice as long as with 4 at once", later <= 2, f"{later:.2f} times").text,
    ]
