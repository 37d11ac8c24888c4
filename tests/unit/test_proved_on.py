# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/proved-on.md is what the kept reports say, and says nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import proved_on
from scripts.proved_on import PAGE, REPORTS, load, page
from tests.live.fact import FACTS
from tests.live.report import DIFFERS, HELD, NOT_ASKED, Result, report, write
from tests.local_jira import CHECKOUT

DUPLICATE, REVERSED, OLD_SEARCH = (FACTS[name] for name in ("duplicate", "reversed_pair", "old_search"))
GOOD: dict[str, Any] = {
    "format": 2,
    "deployment": "cloud",
    "version": "1001.0.0-SNAPSHOT",
    "on_this_machine": False,
    "date": "2026-11-28",
    "facts": [{"name": "duplicate", "says": "x", "expected": [], "seen": "201, one link", "verdict": "held"}],
    "seconds": {},
    "lags": {},
}


def test_the_page_is_made_of_the_reports() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(load(REPORTS)), "make proved-on writes it anew"


def test_a_report_that_a_run_wrote_is_shown(tmp_path: Path) -> None:
    expected = DUPLICATE.cloud or ()
    results = [
        Result(DUPLICATE, expected, "201, one link", HELD),
        Result(REVERSED, expected, "409, no link of ZARK-1", DIFFERS),
        Result(OLD_SEARCH, (), "it is about the other deployment", NOT_ASKED),
    ]
    write(report("data_center", "10.3.6", False, results, [], {}), tmp_path)
    made = page(load(tmp_path))
    assert "| Data Center | 10.3.6 | 20" in made and "| 1 | 1 | 1 |" in made
    assert f"| {DUPLICATE.says} |  | 201, one link (1) |" in made
    assert f"| {REVERSED.says} |  | **differs**: 409, no link of … (1) |" in made
    assert f"| {OLD_SEARCH.says} |  |  |" in made


def test_no_report_no_proof(tmp_path: Path) -> None:
    assert "no real site was asked so far" in page(load(tmp_path))


BAD: dict[str, dict[str, Any]] = {
    "another format": {"format": 1},
    "from where is not known": {"on_this_machine": None},
    "another deployment": {"deployment": "server"},
    "an odd version": {"version": "[x](http://x)"},
    "an odd date": {"date": "today"},
    "no facts": {"facts": None},
    "an odd verdict": {"facts": [{"name": "duplicate", "seen": "x", "verdict": "proved"}]},
    "nothing seen": {"facts": [{"name": "duplicate", "verdict": "held"}]},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_what_is_no_report(tmp_path: Path, change: dict[str, Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(GOOD))
    assert len(load(tmp_path)) == 1
    (tmp_path / "b.json").write_text(json.dumps({**GOOD, **change}))
    with pytest.raises(ValueError, match=r"b\.json is no report"):
        load(tmp_path)


def test_a_report_of_a_jira_on_the_same_machine_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is mostly the sandbox. The command says so in a sentence, and leaves the page as it is."""
    write(report("cloud", "1001.0.0", True, [], [], {}), tmp_path)
    assert ", on this machine, such as a sandbox, 20" in (tmp_path / "live-report.md").read_text(encoding="utf-8")
    monkeypatch.setattr(proved_on, "REPORTS", tmp_path)
    monkeypatch.setattr(proved_on, "PAGE", tmp_path / "page.md")
    with pytest.raises(SystemExit, match=r"^make proved-on: live-report\.json is of a Jira on the machine that asked"):
        proved_on.main()
    write(report("cloud", "1001.0.0", False, [], [], {}), tmp_path)
    assert ", on another machine, 20" in (tmp_path / "live-report.md").read_text(encoding="utf-8")
    proved_on.main()
    assert "| Cloud | 1001.0.0 |" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_a_report_brings_no_words_of_its_own(tmp_path: Path) -> None:
    odd = "[201](http://x.example.com) <b>one</b> |link"
    facts = [{"name": name, "seen": odd, "verdict": "differs", "says": odd} for name in ("duplicate", odd)]
    (tmp_path / "a.json").write_text(json.dumps({**GOOD, "facts": facts}))
    made = page(load(tmp_path))
    assert "**differs**: … … …" in made and "example.com" not in made and "<b>" not in made


def test_the_form_asks_for_a_report() -> None:
    form = yaml.safe_load((CHECKOUT / ".github/ISSUE_TEMPLATE/live-report.yml").read_text(encoding="utf-8"))
    asked = {each["id"]: each for each in form["body"] if "id" in each}
    assert asked["report"]["validations"] == {"required": True}
    assert "live-report.json" in asked["report"]["attributes"]["label"]
