# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A result together with the error that ended it: what was written is reported, whatever happens afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from .errors import JiraError

Done_co = TypeVar("Done_co", covariant=True)


@dataclass(frozen=True)
class Outcome(Generic[Done_co]):
    """What was done, and the error that ended it before its time, if any."""

    done: Done_co
    error: JiraError | None = None
