# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The colours and class names of pictures and of the release gate's page, which stand nowhere else. Pure."""

from __future__ import annotations

from typing import NamedTuple

from ..module_utils._text import folded


class Colour(NamedTuple):
    """One colour, as ``#rrggbb``: on a light page, in Mermaid and in DOT; and on a dark page."""

    light: str
    dark: str


class StatusStyle(NamedTuple):
    """How issues of a status category are drawn.

    :param name: the class in CSS, Mermaid and DOT.
    """

    name: str
    fill: Colour
    line: Colour


PAGE = Colour("#ffffff", "#14171b")
INK = Colour("#16191d", "#e8ebef")
SOFT_INK = Colour("#4a525d", "#aab3be")
GREY = Colour("#68717d", "#97a1ad")
STATUS_STYLES = {
    "to do": StatusStyle("todo", Colour("#eceef1", "#2a3038"), GREY),
    "in progress": StatusStyle("doing", Colour("#d9e8fc", "#17304f"), Colour("#2f63ad", "#7db2f5")),
    "done": StatusStyle("done", Colour("#d3f2dc", "#163a26"), Colour("#2b7a46", "#5cc485")),
    "": StatusStyle("unknown", PAGE, GREY),
}
"""By status category in lower case; empty for an issue whose status is not known."""
# Told apart with any kind of colour vision (Okabe and Ito), and dark enough on white. The words say the type too.
TYPE_COLOURS = (
    Colour("#0072b2", "#6cb8ea"),
    Colour("#b34d00", "#f2a25f"),
    Colour("#00785a", "#4fc9a6"),
    Colour("#a8327d", "#e58ac4"),
    Colour("#5b5b5b", "#b8bcc2"),
    Colour("#7a5c00", "#dcbf57"),
)
"""The colours of link types, in the order of their numbers. A seventh type has the first colour again."""


def status_style(category: str | None) -> StatusStyle:
    """The style for a status category. One that Jira does not come with counts as to do."""
    return STATUS_STYLES.get(folded(category or ""), STATUS_STYLES["to do"])


def palette() -> dict[str, dict[str, str]]:
    """All of it for a style sheet: the class of each status category, and each colour of both pages by its name."""
    colours = {"page": PAGE, "ink": INK, "soft": SOFT_INK}
    for style in STATUS_STYLES.values():
        colours |= {style.name: style.line, f"{style.name}-fill": style.fill}
    colours |= {f"type{number}": colour for number, colour in enumerate(TYPE_COLOURS)}
    return {
        "classes": {category: style.name for category, style in STATUS_STYLES.items()},
        "light": {name: colour.light for name, colour in colours.items()},
        "dark": {name: colour.dark for name, colour in colours.items()},
    }
