# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One sandbox process per deployment and test worker, back to the seed before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.sandbox_process import SandboxProcess


@pytest.fixture(scope="session")
def cloud_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    process = SandboxProcess(tmp_path_factory.mktemp("cloud"), "cloud")
    yield process
    process.close()


@pytest.fixture(scope="session")
def data_center_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    process = SandboxProcess(tmp_path_factory.mktemp("data_center"), "data_center", "--context-path", "/jira")
    yield process
    process.close()


@pytest.fixture
def cloud(cloud_process: SandboxProcess) -> SandboxProcess:
    cloud_process.control("POST", "reset")
    return cloud_process


@pytest.fixture
def data_center(data_center_process: SandboxProcess) -> SandboxProcess:
    data_center_process.control("POST", "reset")
    return data_center_process


@pytest.fixture(params=["cloud", "data_center"])
def jira(request: pytest.FixtureRequest) -> SandboxProcess:
    """Either deployment: the test runs on both."""
    process: SandboxProcess = request.getfixturevalue(request.param)
    return process
