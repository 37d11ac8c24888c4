# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module of ours without Ansible around it: the time and the memory of perform(run, ...) alone."""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import requests  # the modules import it late; the bare clients have theirs before the clock starts, too
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION, perform

_MODULES = "ansible_collections.linkops.jira.plugins.modules"
_SUMMARY = ("created", "present", "requests", "seconds_waited")


def main() -> None:
    given = json.loads(Path(sys.argv[1]).read_text())
    module = import_module(f"{_MODULES}.{given.get('module', 'jira_issue_links')}")
    options = {name: given[name] for name in ("url", "username", "password")}
    validator = ArgumentSpecValidator({**CONNECTION, **module.ARGUMENT_SPEC}, **module.CONSTRAINTS)
    writes = _timed_writes()
    started = time.perf_counter()
    params = validator.validate({**options, **given["task"]}).validated_parameters
    validated, before = time.perf_counter() - started, _peak_mb()
    started = time.perf_counter()
    result, _warnings = perform(module.run, params, False)
    seconds = time.perf_counter() - started
    if result.get("failed"):
        sys.exit(result["msg"])
    facts = {
        "seconds": seconds,
        "latency": statistics.median(writes or [0.0]),
        "validation": validated,
        "peak_mb": _peak_mb(),
        "grown_mb": _peak_mb() - before,
    }
    summary = result.get("summary", {})
    print(json.dumps({**facts, **{name: summary[name] for name in _SUMMARY if name in summary}}))


def _timed_writes() -> list[float]:
    """The seconds that each write will take, as they come in."""
    seconds, send = list[float](), requests.Session.send

    def timed(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        started = time.perf_counter()
        response = send(self, request, **options)
        if str(request.url).endswith("/issueLink"):
            seconds.append(time.perf_counter() - started)
        return response

    requests.Session.send = timed  # type: ignore[method-assign]
    return seconds


def _peak_mb() -> float:
    """Linux only. What getrusage says counts the parent's memory as well, from before this program was loaded."""
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(peak[1]) / 1024 if peak else 0.0


if __name__ == "__main__":
    main()
