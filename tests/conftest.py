# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all tests share: the collection importable, a sandbox per deployment, no waiting, no way out of this machine.

And the table of facts, which ``pytest --facts`` prints.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.facts import COLLECTED, collected, table
from tests.local_jira import CHECKOUT, DEPLOYMENTS, LocalJira, both


def _importable() -> bool:
    """Whether the collection can be imported, and is this one and not one that is installed."""
    with contextlib.suppress(ModuleNotFoundError):
        found = importlib.util.find_spec("ansible_collections.linkops.jira.plugins")
        return found is not None and CHECKOUT / "plugins" in map(_real, found.submodule_search_locations or [])
    return False


def _real(path: str) -> Path:
    return Path(path).resolve()


def _make_importable() -> None:
    """A tree of folders around the checkout, as Ansible wants it, if there is none on the path already."""
    tree = Path(tempfile.mkdtemp(prefix="linkops-tree-"))
    atexit.register(shutil.rmtree, tree, ignore_errors=True)
    (tree / "ansible_collections/linkops").mkdir(parents=True)
    (tree / "ansible_collections/linkops/jira").symlink_to(CHECKOUT)
    sys.path.insert(0, str(tree))
    for name in [name for name in sys.modules if name.split(".")[0] == "ansible_collections"]:
        del sys.modules[name]


if not _importable():
    _make_importable()

# No deadlines: the machine may be busy with something else.
settings.register_profile("unit", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unit")


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


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No option, proxy, certificate or netrc file of the person who runs the tests."""
    for name in list(os.environ):
        upper = name.upper()
        if upper.startswith("JIRA_") or upper.endswith(("_PROXY", "_CA_BUNDLE")) or upper == "NETRC":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name and address is looked up here before a connection is made, so nothing else can be reached."""
    look_up = socket.getaddrinfo

    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        assert host in ("127.0.0.1", b"127.0.0.1"), f"a test tried to reach {host!r}"
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", guarded)


@pytest.fixture(scope="session")
def _sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, LocalJira]]:
    with both(tmp_path_factory.mktemp("sandbox")) as sites:
        yield sites


@pytest.fixture
def cloud(_sites: dict[str, LocalJira]) -> LocalJira:
    _sites["cloud"].reset()
    return _sites["cloud"]


@pytest.fixture
def data_center(_sites: dict[str, LocalJira]) -> LocalJira:
    _sites["data_center"].reset()
    return _sites["data_center"]


@pytest.fixture(params=DEPLOYMENTS)
def site(request: pytest.FixtureRequest, _sites: dict[str, LocalJira]) -> LocalJira:
    """Each deployment in turn, back at its seed."""
    found = _sites[request.param]
    found.reset()
    return found
