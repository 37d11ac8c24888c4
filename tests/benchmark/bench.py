# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a benchmark is made of: a sandbox, playbooks in processes of their own, rounds, medians."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import trustme

from tests.local_jira import CHECKOUT, LocalJira, running

from .wire import wire

ISSUES = 2001
"""So many issues has the sandbox, BEN-1 and on: enough for 10,000 links of which every issue gets ten."""
_PLAY = {"hosts": "localhost", "gather_facts": False}
Link = dict[str, str]
Task = dict[str, Any]
Key = TypeVar("Key", str, tuple[str, int])
Value = TypeVar("Value")


class Series:
    """What a case took in every round, in one unit."""

    def __init__(self, values: Iterable[float]) -> None:
        self.values = list(values)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def text(self, digits: int = 2) -> str:
        """``1.23 (1.20 to 1.31)``: the median, the least and the most."""
        least, most = min(self.values), max(self.values)
        spread = f" ({least:,.{digits}f} to {most:,.{digits}f})" if len(self.values) > 1 else ""
        return f"{self.median:,.{digits}f}{spread}"


class Ran(NamedTuple):
    """A process that has ended well."""

    seconds: float
    peak_mb: float
    """Of the largest process among it and its children."""
    output: str


class Bench:
    """:param folder: everything that is written while measuring lies in here.

    :param url: where the sandbox is reached while measuring, if not where it is.
    :param authority: the certificate of who signed the sandbox's, if it has one.
    :param settings: of the sandbox, in all cases.
    """

    def __init__(
        self,
        folder: Path,
        site: LocalJira,
        rounds: int,
        quick: bool,
        url: str = "",
        authority: str = "",
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.folder, self.site, self.rounds, self.quick = folder, site, rounds, quick
        self._url, self._settings = url or site.url, settings or {}
        self.round_trip = 0.0
        """Seconds between here and the sandbox, there and back."""
        self.login = {"username": "demo@example.com", "password": "demo-token"}
        self._module_defaults = {
            "group/linkops.jira.jira": {"url": self._url, **self.login},
            "community.general.jira": {"uri": self._url, **self.login},
        }
        self._environment = {
            **{name: os.environ[name] for name in ("TMPDIR", "PATH") if name in os.environ},
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder),
            "NO_PROXY": "*",
            "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{CHECKOUT / '.tree'}",
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".tree"),
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            **(dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), authority) if authority else {}),
        }
        (folder / "ansible.cfg").touch()

    def fresh(self, late: float = 0.0, links: Sequence[Sequence[str]] = (), **settings: Any) -> None:
        """A Jira with many issues, and no links but these.

        :param late: seconds that every answer takes longer, as if it were far away.
        """
        self.site.reset(links, projects=[{"key": "BEN", "count": ISSUES}])
        self.site.settings(**self._settings, **settings)
        if late:
            self.site.fault("slow", seconds=late, count=100_000)

    def rounds_of(self, cases: Mapping[Key, Callable[[], Value]]) -> dict[Key, list[Value]]:
        """Every case once, then every case again, so that what else the machine does meets them all alike."""
        found: dict[Key, list[Value]] = {key: [] for key in cases}
        for number in range(self.rounds):
            for key, case in cases.items():
                say(f"round {number + 1} of {self.rounds}: {key if isinstance(key, str) else key[0]}")
                found[key].append(case())
        return found

    def playbook(self, *tasks: Task, variables: Mapping[str, Any] | None = None, **environment: str) -> Ran:
        """Run these tasks on localhost, the way a person does."""
        play = self.folder / "play.json"
        play.write_text(
            json.dumps([{**_PLAY, "module_defaults": self._module_defaults, "vars": variables or {}, "tasks": tasks}])
        )
        return self._run([str(Path(sys.executable).with_name("ansible-playbook")), str(play)], environment)

    def child(self, name: str, number: int = 0, **given: Any) -> dict[str, Any]:
        """Run a file of this folder in a process of its own and return what it prints.

        It gets what is given, and the connection options, as JSON.

        :param number: which of several it is that run at the same time.
        """
        file = self.folder / f"given{number}.json"
        file.write_text(json.dumps({**given, "url": self._url, **self.login}))
        command = [sys.executable, "-m", f"tests.benchmark.{name}", str(file)]
        return dict(json.loads(self._run(command, {}, number).output))

    def _run(self, command: list[str], environment: Mapping[str, str], number: int = 0) -> Ran:
        log = self.folder / f"output{number}"
        with log.open("w") as output:
            started = time.perf_counter()
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env={**self._environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            try:
                _pid, status, usage = os.wait4(process.pid, 0)  # it alone tells the memory of this one process
            except BaseException:
                process.terminate()
                process.wait()
                raise
            seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{log.read_text()[-4000:]}")
        return Ran(seconds, usage.ru_maxrss / 1024, log.read_text())


@contextmanager
def measuring(rounds: int, quick: bool, deployment: str = "cloud") -> Iterator[Bench]:
    """A sandbox without limits, and what is needed to measure with it."""
    with tempfile.TemporaryDirectory(prefix="linkops-bench-") as name, running(deployment, Path(name)) as site:
        bench = Bench(Path(name), site, rounds, quick)
        bench.playbook()  # the first one reads everything from the disk
        yield bench


@contextmanager
def far_away(
    round_trip: float, rounds: int, quick: bool, settings: Mapping[str, Any], deployment: str = "cloud"
) -> Iterator[Bench]:
    """A sandbox with TLS, behind a wire.

    :param round_trip: seconds on the wire, there and back.
    """
    with tempfile.TemporaryDirectory(prefix="linkops-bench-") as name:
        authority, server = Path(name, "ca.pem"), Path(name, "server.pem")
        signer = trustme.CA()
        signer.cert_pem.write_to_path(authority)
        signer.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(server)
        site_options = ("--tls-cert", str(server))
        with (
            running(deployment, Path(name), *site_options, verify=str(authority)) as site,
            wire(site.port, round_trip) as port,
        ):
            bench = Bench(Path(name), site, rounds, quick, f"https://127.0.0.1:{port}", str(authority), settings)
            bench.round_trip = round_trip
            bench.playbook()
            yield bench


def some_links(count: int, issues: int) -> list[Link]:
    """Links among that many issues, no two alike, spread so that every issue gets as many."""
    return [
        {
            "link_type": "Blocks",
            "inward_issue": f"BEN-{number % issues + 1}",
            "outward_issue": f"BEN-{(number % issues + 1 + number // issues) % issues + 1}",
        }
        for number in range(count)
    ]


def hub_links(count: int) -> list[Link]:
    """Links between one issue and that many others."""
    return [
        {"link_type": "Blocks", "inward_issue": "BEN-1", "outward_issue": f"BEN-{number + 2}"}
        for number in range(count)
    ]


def say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
