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
# Tables of options, which the site of Ansible shows on white, in the colours of this theme, light or dark.
antsibull_ext_color_scheme = "none"
html_theme_options = {
    "light_css_variables": {  # furo's own variables in them are those of the dark page where that is shown
        "antsibull-links-background": "var(--color-brand-primary)",
        "antsibull-links-background-active": "var(--color-brand-content)",
        "antsibull-links-focus-outline": "var(--color-foreground-primary)",
        "antsibull-links-text": "var(--color-background-primary)",
        "antsibull-table-background-header": "var(--color-background-item)",
        "antsibull-table-background-even": "var(--color-background-secondary)",
        "antsibull-table-background-odd": "var(--color-background-primary)",
        "antsibull-table-border": "var(--color-foreground-border)",
        "antsibull-narrowtable-background": "var(--color-background-secondary)",
        "antsibull-option-type": "var(--color-brand-visited)",
        "antsibull-option-elements": "var(--color-brand-visited)",
        "antsibull-option-required": "var(--color-problematic)",
        "antsibull-option-version-added": "var(--color-api-added)",
        "antsibull-option-aliases": "var(--color-api-added)",
        "antsibull-option-default": "var(--color-brand-content)",
        "antsibull-option-sample": "var(--color-brand-content)",
        "antsibull-option-sample-header": "var(--color-foreground-primary)",
        "antsibull-attribute-support-none": "var(--color-problematic)",
        "antsibull-attribute-support-partial": "var(--color-api-deprecated)",
        "antsibull-attribute-support-full": "var(--color-api-added)",
        "antsibull-attribute-support-na": "inherit",
        "antsibull-deprecation-border": "var(--color-foreground-primary)",
        "antsibull-deprecation-background": "var(--color-background-secondary)",
        "antsibull-deprecation-color": "var(--color-foreground-primary)",
    }
}

extensions = ["myst_parser", "sphinx_antsibull_ext"]
master_doc = "index"
exclude_patterns = ["tests", "playbooks"]
highlight_language = "YAML+Jinja"
default_role = "any"
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # no colours for CSV
nitpicky = True
# Pages of Ansible's own site, which is not asked while this one is built.
nitpick_ignore_regex = [("std:ref", ".*"), ("ansible-option", ".*"), ("py:.*", ".*"), ("any", ".*")]
