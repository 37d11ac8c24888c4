# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that are run without Ansible's own processes."""

from __future__ import annotations

import pytest

from tests.unit.sets_tasks import Sets
from tests.unit.tasks import Tasks


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Tasks:
    return Tasks(monkeypatch)


@pytest.fixture
def sets(task: Tasks) -> Sets:
    return Sets(task)
