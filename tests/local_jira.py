# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox Jira in a process of its own, and what a test says to it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import requests

CHECKOUT = Path(__file__).resolve().parents[1]
SANDBOX = CHECKOUT / "roles/sandbox/files"
"""Where ``python -m sandbox`` finds it."""
LONGEST_START = 30.0  # seconds
DEPLOYMENTS = ("cloud", "data_center")
Link = Sequence[str]
"""inward issue, name of the link type, outward issue: ``("APP-7", "Blocks", "REL-1")`` is APP-7 blocks REL-1."""


@contextlib.contextmanager
def sandbox(
    state_file: Path, *arguments: str, log: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The process of a sandbox, once it listens, and what its state file says of it.

    :param log: where its output goes; else it can be had from the process.
    """
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--state-file", str(state_file), *arguments]
    with log.open("w") if log else contextlib.nullcontext(subprocess.PIPE) as output:
        process = subprocess.Popen(
            command, cwd=SANDBOX, stdin=subprocess.DEVNULL, stdout=output, stderr=output, text=True
        )
        try:
            yield process, wait_for_state(process, state_file, log)
        finally:
            process.terminate()
            process.communicate(timeout=10)


def wait_for_state(process: subprocess.Popen[str], state_file: Path, log: Path | None = None) -> dict[str, Any]:
    """What the state file says, once it is there."""
    ends = time.monotonic() + LONGEST_START
    while not state_file.exists():
        if process.poll() is not None or time.monotonic() > ends:
            process.kill()
            said = process.communicate()[1] or (log and log.read_text())
            raise RuntimeError(f"the sandbox did not start: {said}")
        time.sleep(0.02)
    state: dict[str, Any] = json.loads(state_file.read_text(encoding="utf-8"))
    return state


@contextlib.contextmanager
def running(deployment: str, folder: Path, *arguments: str, **session: Any) -> Iterator[LocalJira]:
    """:param session: how to reach the control surface: ``verify`` and ``cert`` of a requests session."""
    state_file, log = folder / f"{deployment}.json", folder / f"{deployment}.log"
    with sandbox(state_file, "--deployment", deployment, *arguments, log=log) as (_process, state):
        yield LocalJira(state, **session)


@contextlib.contextmanager
def both(folder: Path, **arguments: Sequence[str]) -> Iterator[dict[str, LocalJira]]:
    """A sandbox of each deployment, by its name. Further arguments for one are given by its name, too."""
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(running(name, folder, *arguments.get(name, ()))) for name in DEPLOYMENTS}


class LocalJira:
    def __init__(self, state: dict[str, Any], **session: Any) -> None:
        self.deployment: str = state["deployment"]
        self.cloud = self.deployment == "cloud"
        self.url: str = state["url"]
        self.port: int = state["port"]
        self.origin = f"{self.url.partition(':')[0]}://127.0.0.1:{self.port}"
        """Without a context path: where it is steered."""
        self._slowest = 0.0
        self._session = requests.Session()
        self._session.trust_env = False
        for name, value in session.items():
            setattr(self._session, name, value)

    def control(self, method: str, name: str, body: Any = None) -> Any:
        answer = self._session.request(method, f"{self.origin}/_sandbox/{name}", json=body)
        assert answer.ok, answer.text
        return answer.json()

    def reset(self, links: Sequence[Link] = (), **seed: Any) -> None:
        """Back to the default seed, with these links and whatever else a seed may say.

        A slow answer that nobody waited for is waited for first, or its request would count for the next test.
        """
        time.sleep(self._slowest)
        self._slowest = 0.0
        self.control("POST", "reset", {"links": [list(link) for link in links], **seed})

    def reset_with_a_full_issue(self) -> None:
        """BIG-1 has 2,000 links with FAR-1 to FAR-500, and none with FAR-501."""
        ends = [pair for number in range(1, 501) for pair in permutations(("BIG-1", f"FAR-{number}"))]
        links = [(inward, kind, outward) for kind in ("Blocks", "Cloners") for inward, outward in ends]
        self.reset(links, projects=[{"key": "BIG", "count": 1}, {"key": "FAR", "count": 501}])

    def settings(self, **changes: Any) -> None:
        self.control("POST", "settings", changes)

    def fault(self, kind: str, **options: Any) -> None:
        """The next request that fits goes wrong in this way."""
        if kind == "slow":
            self._slowest = options["seconds"] + 0.1
        self.control("POST", "faults", {"kind": kind, **options})

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.control("GET", "state")
        return state

    def links(self) -> list[tuple[str, str, str]]:
        return [(link["inward"], link["type"], link["outward"]) for link in self.state()["links"]]

    def sentences(self) -> list[str]:
        return sentences_in(self.state())

    def comments(self) -> list[str]:
        return [comment["body"] for comment in self.state()["comments"]]

    def requests(self) -> list[str]:
        """``METHOD /path`` of every request since the last reset, without the version of the API."""
        return [f"{each['method']} {_short(each['path'])}" for each in self.control("GET", "requests")]

    def writes(self) -> list[str]:
        return [each for each in self.requests() if not is_read(each)]

    def accounts(self) -> set[str]:
        """As whom Jira was asked."""
        return {each["account"] for each in self.control("GET", "requests")}

    def login(self, account: str = "demo") -> dict[str, Any]:
        """The connection options of an account of the seed."""
        if self.cloud:
            return {"url": self.url, "username": f"{account}@example.com", "password": f"{account}-token"}
        return {"url": self.url, "token": f"{account}-pat"}


def sentences_in(state: Mapping[str, Any]) -> list[str]:
    """What Jira holds, read by the sandbox's own word for the direction."""
    phrases = {kind["name"]: kind["outward"] for kind in state["link_types"]}
    return sorted(f"{link['inward']} {phrases[link['type']]} {link['outward']}" for link in state["links"])


def is_read(request: str) -> bool:
    """Some reading is done by POST."""
    return request.startswith("GET ") or request.endswith(("/bulkfetch", "/search/jql", "/search"))


def _short(path: str) -> str:
    return "/" + path.partition("/rest/api/")[2].partition("/")[2] if "/rest/api/" in path else path
