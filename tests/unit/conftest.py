# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that are run without Ansible's own processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.raw_server import RawServer, raw_server
from tests.unit.sets_tasks import Sets
from tests.unit.tasks import Tasks


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Tasks:
    return Tasks(monkeypatch)


@pytest.fixture
def sets(task: Tasks) -> Sets:
    return Sets(task)


@pytest.fixture
def raw() -> Iterator[RawServer]:
    """A server in place of Jira that answers with the bytes that the test gives it."""
    with raw_server() as server:
        yield server
