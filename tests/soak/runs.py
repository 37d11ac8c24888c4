# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a trial: in calm weather, in its storm, and again when that is over; and makes a storm smaller."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from ansible_collections.linkops.jira.plugins.module_utils._client import errors, jira, retry
from ansible_collections.linkops.jira.plugins.module_utils._client.connect import connect
from ansible_collections.linkops.jira.plugins.module_utils._client.site import Site
from ansible_collections.linkops.jira.plugins.module_utils._module import Report, perform

from tests.local_jira import LocalJira, both
from tests.soak.faults import KINDS, SWITCHED_OFF
from tests.soak.judge import Run, Violation, after_the_storm, as_jira_is, whatever_jira_says
from tests.soak.scenarios import Trial
from tests.soak.weather import TIMEOUT, Exchange, Fault, Storm, Weather, calm, storm_of
from tests.unit.tasks import validated

LONGEST_SILENCE = 40 * TIMEOUT
"""Seconds without a request after which a run hangs."""
LONGEST_RUN, MOST_REQUESTS = 120.0, 2_000
"""Seconds, and requests, after which it does as well."""
PATIENT = 30.0  # seconds: the timeout in calm weather, since this machine may be busy


class Seen(NamedTuple):
    """What came of a trial."""

    outcome: str
    exchanges: list[Exchange]
    violations: list[Violation]
    report: Report | None = None

    @property
    def rules(self) -> set[str]:
        return {violation.rule for violation in self.violations}

    @property
    def kinds(self) -> set[str]:
        return {exchange.fault.kind for exchange in self.exchanges if exchange.fault}

    @property
    def signature(self) -> str:
        """What two violations have in common that are most likely one defect."""
        ends = {
            violation.words.rstrip().rpartition("\n")[2] for violation in self.violations if violation.rule == "crash"
        }
        faults = {exchange.fault[:2] for exchange in self.exchanges if exchange.fault}
        return str([sorted(self.rules), sorted(ends), sorted(faults)])


class Soak:
    """:param crashes: where exceptions came from that the client reports as errors of its own; filled elsewhere."""

    def __init__(self, sites: Mapping[str, LocalJira], crashes: list[str]) -> None:
        self._sites, self._crashes = sites, crashes
        self.weathers = {name: Weather(site) for name, site in sites.items()}

    def try_out(self, trial: Trial, storm: Storm) -> Seen:
        site, weather = self._sites[trial.deployment], self.weathers[trial.deployment]
        known: list[Site] = []
        fair = self._run(trial, calm)
        assert isinstance(fair, Run), fair
        run = self._run(trial, storm, trial.check, known=known)
        seen = Seen(run.outcome if isinstance(run, Run) else run.rule, weather.exchanges, [], None)
        if isinstance(run, Violation):
            return seen._replace(violations=[run])
        seen.violations.extend(whatever_jira_says(run, fair, weather.credentials))
        if not any(KINDS[kind].incomparable for kind in seen.kinds):
            seen.violations.extend(as_jira_is(run, fair))
            harmless = all(KINDS[kind].harmless for kind in seen.kinds)
            busy = "(timeout)" in str(run.result.get("msg"))  # which this machine may be
            if harmless and run.failed and not fair.failed and not busy:
                seen.violations.append(Violation("fails without a reason", run.result["msg"]))
            if SWITCHED_OFF in seen.kinds:
                site.settings(linking_enabled=True)
            seen.violations.extend(self._afterwards(trial, fair, known if trial.kept else []))
        traces = [Violation("crash", text) for text in self._crashes[:1]]
        return seen._replace(violations=[*seen.violations, *traces], report=run.report)

    def _afterwards(self, trial: Trial, fair: Run, known: list[Site]) -> list[Violation]:
        runs = [self._run(trial, calm, afresh=False, known=known) for _time in range(2)]
        first, second = runs
        if isinstance(first, Run) and isinstance(second, Run):
            return list(after_the_storm(first, second, fair))
        return [run for run in runs if isinstance(run, Violation)]

    def _run(
        self, trial: Trial, storm: Storm, check: bool = False, afresh: bool = True, known: list[Site] | None = None
    ) -> Run | Violation:
        """Run the task of a trial.

        :param afresh: whether Jira shall hold what it holds at the beginning.
        :param known: what the client knows of the site; filled if it is empty.
        """
        site, weather, scenario = self._sites[trial.deployment], self.weathers[trial.deployment], trial.scenario
        known = [] if known is None else known
        if afresh:
            self._crashes.clear()
            site.reset(scenario.links, remote_links=list(scenario.remote_links))
            scenario.prepare(site)
            site.settings(**trial.settings)
        before = site.state()
        params = validated(scenario.module, {**_connection(trial, site, weather.url), **scenario.options})
        assert isinstance(params, dict), params
        params["timeout"] = PATIENT if storm is calm else TIMEOUT

        def find_site(params: Mapping[str, Any]) -> Site:
            known[:] = known or [connect(params)]
            known[0].http._timeout = params["timeout"]
            return known[0]

        weather.begin(storm)
        with patch.object(jira, "PAGE", trial.page):
            report = _within_bounds(lambda: perform(scenario.module.run, params, check, find_site), weather)
        exchanges = weather.end()
        if isinstance(report, Violation):
            return report
        module = scenario.module.__name__.rpartition(".")[2]
        return Run(module, check, before, site.state(), report, [exchange.name for exchange in exchanges])

    def shrunk(self, trial: Trial, seen: Seen) -> Seen:
        """The same violation with as few faults as can be."""
        faults = {exchange.name: exchange.fault for exchange in seen.exchanges if exchange.fault}
        if "hang" in seen.rules:
            return seen  # to try it again takes long, and it is the last fault that does it

        def tried(some: Mapping[str, Fault]) -> Seen | None:
            again = self.try_out(trial, storm_of(some))
            return again if again.rules & seen.rules else None

        for name, fault in reversed(faults.items()):
            if alone := tried({name: fault}):
                return alone
        smallest = seen
        for name in list(faults):
            if fewer := tried({other: fault for other, fault in faults.items() if other != name}):
                del faults[name]
                smallest = fewer
        return smallest


def _connection(trial: Trial, site: LocalJira, url: str) -> dict[str, Any]:
    account = trial.scenario.account
    more = {"url": url, "retries": trial.retries}
    if trial.login == "token":
        return {**site.login(account), **more}
    client = {"client_id": f"{account}-client", "client_secret": f"{account}-client-secret"}
    return {**client, "gateway_url": f"{url}/ex/jira", "oauth_url": f"{url}/oauth/token", **more}


def _within_bounds(work: Callable[[], Report], weather: Weather) -> Report | Violation:
    """What the work reports, unless it ends with an exception, or never."""
    ended: list[Report | Violation] = []

    def run() -> None:
        try:
            ended.append(work())
        except Exception:
            ended.append(Violation("crash", traceback.format_exc()))

    thread, begun = threading.Thread(target=run, daemon=True), time.monotonic()
    thread.start()
    while not ended:
        thread.join(0.5)
        seconds, requests = time.monotonic() - begun, len(weather.exchanges)
        silent = weather.stormy and time.monotonic() - weather.last_request > LONGEST_SILENCE
        if not ended and (silent or requests > MOST_REQUESTS or seconds > LONGEST_RUN):
            frames = traceback.format_stack(sys._current_frames()[thread.ident or 0])
            weather.give_up()  # which ends it, else the soak cannot go on
            thread.join(LONGEST_RUN)
            return Violation("hang", f"{requests} requests in {seconds:.0f} s\n{''.join(frames[-4:])}")
    return ended[0]


@contextlib.contextmanager
def soaking() -> Iterator[Soak]:
    """Two sandboxes, no waiting, and nothing in the environment that leads elsewhere."""
    for name in list(os.environ):
        if name.upper().startswith("JIRA_") or name.upper().endswith(("_PROXY", "_CA_BUNDLE")):
            del os.environ[name]
    crashes: list[str] = []

    class Unexpected(errors.Unexpected):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            crashes.append(traceback.format_exc())

    with (
        tempfile.TemporaryDirectory() as folder,
        both(Path(folder)) as sites,
        patch.object(retry, "backoff", lambda attempt, retry_after=0.0: 0.001),
        patch.object(errors, "Unexpected", Unexpected),
    ):
        yield Soak(sites, crashes)
