# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of one Jira. A loop shares it between its items, with the open connections."""

from __future__ import annotations

from dataclasses import dataclass

from .._model.link import LinkType
from .http_client import Http


@dataclass
class Site:
    """What is known of one Jira, and the connections to it. It outlives a run: all items of a loop share it.

    :param cloud: whether it is Jira Cloud, or else Data Center; None until it has been asked.
    :param api_version: ``"2"``, ``"3"``, or None for what fits the site.
    :param bulk: whether issue/bulkfetch can be reached; some gateways do not let it through.
    :param link_types: None until they have been read.
    :param types_read_at: when that was, on the monotonic clock.
    """

    http: Http
    cloud: bool | None = None
    api_version: str | None = None
    bulk: bool = True
    link_types: list[LinkType] | None = None
    types_read_at: float = 0.0
