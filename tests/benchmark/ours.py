# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`jira_issue_links` without Ansible around it: the time and the memory of perform(run, ...) alone."""

from __future__ import annotations

import json
import re
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION, perform
from ansible_collections.linkops.jira.plugins.modules import jira_issue_links as module


def main() -> None:
    import_module("requests")  # the modules import it late; the bare clients have theirs before the clock starts, too
    given = json.loads(Path(sys.argv[1]).read_text())
    options = {name: given[name] for name in ("url", "username", "password")}
    validator = ArgumentSpecValidator({**CONNECTION, **module.ARGUMENT_SPEC}, **module.CONSTRAINTS)
    started = time.perf_counter()
    params = validator.validate({**options, "links": given["links"]}).validated_parameters
    validated, before = time.perf_counter() - started, _peak_mb()
    started = time.perf_counter()
    result, _warnings = perform(module.run, params, False)
    seconds = time.perf_counter() - started
    if result.get("failed"):
        sys.exit(result["msg"])
    print(json.dumps(_facts(result, seconds, validated, before)))


def _facts(result: dict[str, Any], seconds: float, validated: float, before: float) -> dict[str, Any]:
    return {
        "seconds": seconds,
        "validation": validated,
        "peak_mb": _peak_mb(),
        "grown_mb": _peak_mb() - before,
        **{name: result["summary"][name] for name in ("created", "present", "requests", "seconds_waited")},
    }


def _peak_mb() -> float:
    """Linux only. What getrusage says counts the parent's memory as well, from before this program was loaded."""
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(peak[1]) / 1024 if peak else 0.0


if __name__ == "__main__":
    main()
