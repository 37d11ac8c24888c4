# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox as any HTTP client sees it; that of Data Center is below a context path here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local_jira import LocalJira, both
from tests.sandbox.rest_jira import RestJira


@pytest.fixture(scope="session")
def _sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, LocalJira]]:
    with both(tmp_path_factory.mktemp("sandbox"), data_center=["--context-path", "/jira"]) as sites:
        yield sites


@pytest.fixture
def cloud(cloud: LocalJira) -> RestJira:
    return RestJira(cloud)


@pytest.fixture
def data_center(data_center: LocalJira) -> RestJira:
    return RestJira(data_center)


@pytest.fixture
def jira(site: LocalJira) -> RestJira:
    """Either deployment: the test runs on both."""
    return RestJira(site)
