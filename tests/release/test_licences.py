# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every file says whose it is and under which licence, as REUSE wants it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.local_jira import CHECKOUT

REUSE = CHECKOUT / ".cache/release/bin/reuse"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([REUSE, "lint", "--lines"], cwd=folder, capture_output=True, text=True, check=False)


def test_every_file_has_its_licence() -> None:
    done = lint(CHECKOUT)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_file_without_one_is_found(tmp_path: Path) -> None:
    (tmp_path / "plugin.py").write_text("print()\n", encoding="utf-8")
    done = lint(tmp_path)
    assert done.returncode == 1 and "plugin.py" in done.stdout
