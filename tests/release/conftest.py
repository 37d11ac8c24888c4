# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks without Ansible's own processes, as the unit tests run them."""

from __future__ import annotations

from tests.unit.conftest import task

__all__ = ["task"]
