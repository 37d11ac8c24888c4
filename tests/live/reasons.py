# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a fact could not be asked."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """Why a fact was not asked."""

    OTHER_DEPLOYMENT = "it is about the other deployment"
    NO_COMMENTS = "LIVE_COMMENTS is false"
    MAY_NOT_COMMENT = "this account may not add comments to these issues"
    CUSTOMERS = "customers of a service project could get the comments"
    NO_DIRECTED_TYPE = "the site has no link type with two phrases"
    NO_SYMMETRIC_TYPE = "the site has no link type that reads the same from both ends"
    NO_SECOND_TYPE = "the site has no second link type"
    SAME_LETTERS = "in other letters the name of the link type is the same, or another type has it"
    NO_MOVED_KEY = "LIVE_MOVED names no key"
    GATEWAY = "JIRA_URL has a path, so it may be a gateway"


class NotAsked(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
