# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running site: the store, who may log in, the settings, and what was asked of it."""

from __future__ import annotations

import os
from collections import deque
from typing import Any

from ..rules.model import Link
from ..rules.seed import Seed, build_store
from .auth import Credentials
from .changes import CHANGES
from .faults import Faults
from .limits import Limits
from .render import Renderer
from .speed import Speed
from .webhooks import Webhooks

REMEMBERED_REQUESTS = 100_000
RULES = {
    "linking_enabled", "max_links", "max_remote_links", "comment_on", "comment_after_link", "issue_link_type_finds",
}  # fmt: skip
"""The settings that the store knows by the same names."""


class Site:
    """State of one process. `reset` is atomic: nothing in it waits."""

    def __init__(self, deployment: str, seed: Seed, context_path: str = "") -> None:
        self.deployment = deployment
        self.context_path = context_path
        self.url = ""
        self.defaults: dict[str, Any] = {
            "linking_enabled": True,
            "limits": False,
            "unauthorized_body": "plain" if deployment == "cloud" else "html",
            "full_body": "json",
            "comment_on": "inward",
            "comment_after_link": deployment != "cloud",
            "issue_link_type_finds": "names_and_phrases",
            "bulkfetch_order": "ids",
            "dead_login": "header",
            "login_headers": True,
            "data_center_version": "10.3.6",
            "delays": {},
            "workers": 0,
            "search_lags": False,
            "not_indexed": [],
        }
        self.requests: deque[dict[str, Any]] = deque(maxlen=REMEMBERED_REQUESTS)
        self.faults = Faults(deployment)
        self.webhooks = Webhooks()
        self._serial = 0
        self._prefix = os.urandom(8).hex()
        self._first_seed = seed
        self.reset()

    @property
    def address(self) -> str:
        """The site as a browser knows it."""
        return self.url + self.context_path

    def reset(self, seed: Seed | None = None) -> None:
        """Back to the seed and the settings of the start, or to another seed."""
        seed = seed or self._first_seed
        self.store = build_store(seed, self.deployment)  # raises where the seed makes no sense, and nothing is changed
        self.store.tell = self.tell  # from now on: what a seed holds is no event
        self.credentials = Credentials(seed, self.store)
        self.limits = Limits()
        self.settings: dict[str, Any] = {}
        self.change_settings(self.defaults)
        self.forget_rendered()

    def change_settings(self, changes: dict[str, Any]) -> None:
        """Raises ValueError, and changes nothing, where an issue is not there."""
        if "not_indexed" in changes:
            self.store.not_indexed = {self.store.known(key).id for key in changes["not_indexed"]}
        if "search_lags" in changes:
            self.store.freeze_index(changes["search_lags"])
        self.settings.update(changes)
        for name in RULES & set(changes):
            setattr(self.store, name, changes[name])
        if {"delays", "workers"} & set(changes):
            self.speed = Speed(self.settings["delays"], self.settings["workers"])
        self.limits.quota = self.settings.get("quota", self.limits.quota)

    def change_issue(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """Make one of CHANGES. Raises ValueError, and changes nothing, where there is no such issue or project."""
        done = CHANGES[name].make(self.store, given)
        self.forget_rendered()
        return done

    @property
    def data_center_version(self) -> tuple[int, ...]:
        return tuple(map(int, self.settings["data_center_version"].split(".")))

    def tell(self, event: str, link: Link) -> None:
        """Tell the webhooks. Cloud signs, and Data Center from version 10 on."""
        self.webhooks.tell(event, link, signed=self.store.cloud or self.data_center_version >= (10,))

    def forget_rendered(self) -> None:
        """Call after an issue or a link type changed; what is rendered is kept."""
        self._renderers: dict[tuple[bool, int], Renderer] = {}

    def renderer(self, gateway: bool, version: int) -> Renderer:
        """`self` URLs carry the host that was asked: the site's, or the gateway's."""
        found = self._renderers.get((gateway, version))
        if found is None:
            api_url = f"{self.url}/ex/jira/{self.store.cloud_id}" if gateway else self.address
            found = self._renderers[gateway, version] = Renderer(self.store, self.address, api_url, version)
        return found

    def support_headers(self) -> dict[str, str]:
        """The id that Atlassian's support asks for, another one in every answer."""
        self._serial += 1
        if self.store.cloud:
            return {"Atl-Traceid": f"{self._prefix}{self._serial:016x}"}
        return {"X-AREQUESTID": f"540x{self._serial}x1"}
