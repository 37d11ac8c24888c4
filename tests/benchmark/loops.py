# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Loops over single links: a process of ansible-playbook from its start to its end, ours and others'."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial

from tests.local_jira import CHECKOUT

from .bench import Bench, Link, Ran, Series, Task, some_links
from .report import Aim, table

_ENDS = {"inward_issue": "{{ item.inward_issue }}", "outward_issue": "{{ item.outward_issue }}"}
OURS: Task = {"linkops.jira.jira_issue_link": {"link_type": "{{ item.link_type }}", **_ENDS}}
THEIRS: Task = {
    "community.general.jira": {
        "operation": "link",
        "linktype": "{{ item.link_type }}",
        "inwardissue": "{{ item.inward_issue }}",
        "outwardissue": "{{ item.outward_issue }}",
    }
}
PING: Task = {"ansible.builtin.ping": {"data": "{{ item.inward_issue }}"}}
DEBUG: Task = {"ansible.builtin.debug": {"msg": {"link_type": "{{ item.link_type }}", **_ENDS}}}
EMPTY, CONTROLLER, MODULE, CG = (
    "empty playbook",
    "ours, in the controller",
    "ours, as a module",
    "community.general.jira",
)
AGAIN = "again, nothing to change"


def loop(bench: Bench, task: Task, links: Sequence[Link], **environment: str) -> Ran:
    """The task for every link."""
    return bench.playbook({**task, "loop": "{{ links }}"}, variables={"links": links}, **environment)


def creating(bench: Bench, task: Task, links: Sequence[Link], in_process: bool = True) -> float:
    bench.fresh()
    ran = loop(bench, task, links, LINKOPS_JIRA_IN_PROCESS=str(in_process).lower())
    assert len(bench.site.links()) == len(links), ran.output
    return ran.seconds


def repeating(bench: Bench, links: Sequence[Link], in_process: bool = True) -> float:
    """For the links that the case before has made."""
    bench.site.control("DELETE", "requests")
    ran = loop(bench, OURS, links, LINKOPS_JIRA_IN_PROCESS=str(in_process).lower())
    assert not bench.site.writes(), ran.output
    return ran.seconds


def empty(bench: Bench) -> float:
    return bench.playbook().seconds


def part_loop(bench: Bench) -> list[str]:
    """One link in one task, and loops of 50 and of 500."""
    few, many = (5, 20) if bench.quick else (50, 500)
    return [*_single(bench), *_loops(bench, few, many)]


def _single(bench: Bench) -> list[str]:
    one = some_links(1, 10)
    cases: dict[str, Callable[[], float]] = {
        EMPTY: partial(empty, bench),
        CONTROLLER: partial(creating, bench, OURS, one),
        MODULE: partial(creating, bench, OURS, one, in_process=False),
        CG: partial(creating, bench, THEIRS, one),
    }
    took = {name: Series(seconds) for name, seconds in bench.rounds_of(cases).items()}
    start, theirs = took[EMPTY].median, took[CG].median
    rows = [
        [name, series.text(), f"{1000 * (series.median - start):,.0f}", f"{series.median / theirs:.2f}"]
        for name, series in took.items()
    ]
    met = took[CONTROLLER].median <= theirs
    return [
        table("One link in one task", ["", "s", "ms beyond the empty playbook", f"times {CG}"], rows),
        Aim(f"a single task no slower than {CG}'s", met, f"{took[CONTROLLER].median / theirs:.2f} times").text,
    ]


def _loops(bench: Bench, few: int, many: int) -> list[str]:
    some, more = some_links(few, 10), some_links(many, 100)
    cases: dict[tuple[str, int], Callable[[], float]] = {
        (EMPTY, 0): partial(empty, bench),
        (CONTROLLER, few): partial(creating, bench, OURS, some),
        (f"{CONTROLLER}, {AGAIN}", few): partial(repeating, bench, some),
        (MODULE, few): partial(creating, bench, OURS, some, in_process=False),
        (f"{MODULE}, {AGAIN}", few): partial(repeating, bench, some, in_process=False),
        (CG, few): partial(creating, bench, THEIRS, some),
        ("ansible.builtin.ping", few): lambda: loop(bench, PING, some).seconds,
        (CONTROLLER, many): partial(creating, bench, OURS, more),
        (f"{CONTROLLER}, {AGAIN}", many): partial(repeating, bench, more),
        ("ansible.builtin.debug", many): lambda: loop(bench, DEBUG, more).seconds,
    }
    took = {key: Series(seconds) for key, seconds in bench.rounds_of(cases).items()}
    start = took[EMPTY, 0].median

    def per_item(key: tuple[str, int]) -> float:
        return 1000 * (took[key].median - start) / key[1]

    rows = [
        [name, str(count), series.text(), f"{per_item((name, count)):,.1f}" if count else "", _ratio(took, name, count)]
        for (name, count), series in took.items()
    ]
    heading = ["", "items", "s", "ms per item beyond the empty playbook", "times faster than " + CG]
    return [table("Loops", heading, rows), *_aims(took, few, many, per_item)]


def _ratio(took: dict[tuple[str, int], Series], name: str, count: int) -> str:
    theirs = took.get((CG, count))
    return f"{theirs.median / took[name, count].median:.1f}" if theirs else ""


def _aims(
    took: dict[tuple[str, int], Series], few: int, many: int, per_item: Callable[[tuple[str, int]], float]
) -> list[str]:
    ours, theirs, ping = (took[name, few].median for name in (CONTROLLER, CG, "ansible.builtin.ping"))
    each, worst = per_item((CONTROLLER, many)), per_item((MODULE, few)) / per_item((CG, few))
    aims = [
        Aim(f"a loop of {few} at least 10 times faster than {CG}", theirs >= 10 * ours, f"{theirs / ours:.1f} times"),
        Aim(f"a loop of {few} faster than the ping loop", ours < ping, f"{ping / ours:.1f} times"),
        Aim(f"{many} links under 8 ms each beyond the playbook's own start", each < 8, f"{each:.1f} ms"),
        Aim(f"as a module no more than 1.15 times {CG} per item", worst <= 1.15, f"{worst:.2f} times"),
    ]
    return [aim.text for aim in aims]


SECTIONS = {
    "http": "HTTP, from the request to its answer",
    "templating": "templating the task's arguments (Ansible)",
    "executor": "the rest of the loop (Ansible)",
    "reporting": "handing each result to the main process (Ansible)",
    "validation": "validating the options, censoring the result",
    "module": "the module's own work: reading answers, planning, the result",
}


def part_shares(bench: Bench) -> list[str]:
    """Where the time of a loop in the controller goes, and what it sends."""
    count = 20 if bench.quick else 500
    links = some_links(count, 100)

    def created() -> dict[str, float]:
        bench.fresh()
        return _watched(bench, links)

    cases: dict[str, Callable[[], dict[str, float]]] = {"created": created, AGAIN: partial(_watched, bench, links)}
    took = bench.rounds_of(cases)
    heading = ["", *took]
    shares = {
        name: {section: Series(each[section] for each in rounds).median for section in SECTIONS}
        for name, rounds in took.items()
    }
    rows = [
        [
            text,
            *(
                f"{1000 * spent[section] / count:.2f} ({spent[section] / sum(spent.values()):.0%})"
                for spent in shares.values()
            ),
        ]
        for section, text in SECTIONS.items()
    ]
    total = ["all of it", *(f"{1000 * sum(spent.values()) / count:.2f}" for spent in shares.values())]
    requests = ["requests", *(f"{rounds[0]['requests'] / count:.2f}" for rounds in took.values())]
    return [
        table(f"Where the time of a loop of {count} in the controller goes, in ms per item", heading, [*rows, total]),
        table("Requests per link", heading, [requests]),
    ]


def _watched(bench: Bench, links: Sequence[Link]) -> dict[str, float]:
    """Seconds by section, and the requests sent."""
    file = bench.folder / "stopwatch"
    file.unlink(missing_ok=True)
    bench.site.control("DELETE", "requests")
    watching = {
        "ANSIBLE_CALLBACK_PLUGINS": str(CHECKOUT / "tests/benchmark/callback"),
        "ANSIBLE_CALLBACKS_ENABLED": "linkops_stopwatch",
        "LINKOPS_STOPWATCH": str(file),
    }
    loop(bench, OURS, links, **watching)
    return {**dict.fromkeys(SECTIONS, 0.0), **json.loads(file.read_text()), "requests": len(bench.site.requests())}
