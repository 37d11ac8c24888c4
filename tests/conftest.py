# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all tests share: the table of facts, which ``pytest --facts`` prints."""

from __future__ import annotations

import pytest

from tests.facts import COLLECTED, collected, table


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--facts", action="store_true", help="print how Jira behaves and the tests that show it, run none")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before -k and -m take some away."""
    config.stash[COLLECTED] = collected(items)


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    if not session.config.getoption("facts"):
        return None
    print("", *table(session.config.stash[COLLECTED]), sep="\n")
    return True
