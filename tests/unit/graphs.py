# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links and issues as the modules return them, for tests that never ask a Jira."""

from __future__ import annotations

from typing import Any

from tests.local_jira import Link

PHRASES = {  # inward, outward
    "Blocks": ("is blocked by", "blocks"),
    "Relates": ("relates to", "relates to"),
    "Depends": ("is depended on by", "depends on"),
    "Cloners": ("is cloned by", "clones"),
}


def entries(*links: Link) -> list[dict[str, Any]]:
    """Links as the modules return them."""
    return [
        {
            "id": str(number),
            "link_type": name,
            "link_type_id": str(list(PHRASES).index(name)),
            "inward": PHRASES[name][0],
            "outward": PHRASES[name][1],
            "inward_issue": inward,
            "outward_issue": outward,
            "sentence": f"{inward} {PHRASES[name][1]} {outward}",
        }
        for number, (inward, name, outward) in enumerate(links)
    ]


def about(**summaries: str) -> dict[str, dict[str, Any]]:
    """Issues as jira_issue_link_info returns them, from ``HSP_1="Summary"``."""
    rest = {"id": None, "status": "To Do", "status_category": "To Do", "issue_type": "Task"}
    return {key.replace("_", "-"): {**rest, "summary": summary} for key, summary in summaries.items()}


CHAIN = entries(("APP-7", "Blocks", "REL-1"), ("LIB-2", "Blocks", "APP-7"), ("REL-1", "Relates", "OPS-3"))
