# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections that are kept between the items of a loop, and those that are given up."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import Unauthorized
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION
from ansible_collections.linkops.jira.plugins.plugin_utils import _in_controller

from tests.local_jira import LocalJira


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    _in_controller._kept.clear()
    yield
    for site in _in_controller._kept.values():
        site.http.close()
    _in_controller._kept.clear()


def asked(site: LocalJira, **options: Any) -> Any:
    """The site that is kept for these options, after a request."""
    defaults = {name: option.get("default") for name, option in CONNECTION.items()}
    found = _in_controller._keep({**defaults, "url": site.url, **options})
    with contextlib.suppress(Unauthorized):
        Jira(found).is_cloud()
    return found


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_a_loop_over_many_credentials_closes_its_connections(site: LocalJira) -> None:
    before = open_files()
    for number in range(100):
        asked(site, username="demo@example.com", password=f"wrong-{number}")
    assert len(site.requests()) >= 100 and open_files() <= before + 10


def test_a_site_that_is_used_again_stays(site: LocalJira) -> None:
    login = {name: value for name, value in site.login().items() if name != "url"}
    first = asked(site, **login)
    for number in range(100):
        asked(site, username="demo@example.com", password=f"wrong-{number}")
        assert asked(site, **login) is first
