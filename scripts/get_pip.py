# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand in for get-pip where ansible-test bootstraps a virtual environment: install the pip wheel beside this file."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

here = Path(__file__).parent
version = next(word for word in sys.argv if word.startswith("pip=="))
wheel = next(here.glob(f"pip-{version[5:]}-*.whl"))
sys.path.insert(0, str(wheel))
sys.argv[1:] = ["install", "--quiet", "--no-index", "--find-links", str(here), version]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
