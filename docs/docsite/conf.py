# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site, built by `make docs`: the guides as they are, and the plugins by antsibull-docs."""

from __future__ import annotations

project = "linkops.jira"
copyright = "2026, linkops.jira contributors"  # Sphinx's name for it
html_title = project
html_theme = "furo"
html_copy_source = False
html_use_index = False

extensions = ["myst_parser", "sphinx_antsibull_ext"]
master_doc = "README"
exclude_patterns = ["tests", "playbooks"]
highlight_language = "YAML+Jinja"
default_role = "any"
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # no colours for CSV
nitpicky = True
# Pages of Ansible's own site, which is not asked while this one is built.
nitpick_ignore_regex = [("std:ref", ".*"), ("ansible-option", ".*"), ("py:.*", ".*"), ("any", ".*")]
