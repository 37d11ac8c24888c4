# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opens pages in Chromium without a window, and prints what is wrong with each: a JSON object of lists by page.

``python browser.py light 390 PAGE...``: as somebody sees them who likes light pages, or dark ones, in a window of that
width. It runs in a virtual environment of its own, which has Playwright, and axe for the contrast.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_WAY_OUT = "--host-resolver-rules=MAP * ~NOTFOUND"
Scheme = Literal["light", "dark"]
# The theme says `ERROR:` in a style sheet before what it does not want, and Sphinx marks its own messages.
BOXES = """() => [...document.querySelectorAll("*")].map(element => {
  const said = getComputedStyle(element, "::before").content
  if (/error/i.test(said)) return said
  return element.matches(".system-message, .problematic") ? element.textContent : null
}).filter(Boolean)"""
ASKED = """() => performance.getEntriesByType("resource").map(entry => entry.name)"""
# Code and tables may be wider than the window: they can be moved by themselves. Nothing else is cut off or to be moved.
WIDE = """() => [...document.querySelectorAll(":not(pre, .table-wrapper)")].filter(element =>
  element === document.documentElement || getComputedStyle(element).overflowX !== "visible"
).filter(element => element.clientWidth > 1 && element.scrollWidth > element.clientWidth).map(element =>
  `${element.tagName.toLowerCase()} ${element.className} by ${element.scrollWidth - element.clientWidth} pixels`)"""


def browse(scheme: Scheme, width: int, pages: list[Path]) -> dict[str, list[str]]:
    """What is wrong, by page; pages with which nothing is wrong are left out."""
    found = {}
    executable = next(filter(None, map(which, BROWSERS)), None)
    if executable is None:
        sys.exit("Chromium is needed: on Debian, apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", NO_WAY_OUT])
        page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
        for path in pages:
            if wrong := [*faults(page, path)]:
                found[str(path)] = wrong
        browser.close()
    return found


def faults(page: Page, path: Path) -> Iterator[str]:
    page.goto(path.as_uri())
    yield from (f"it asks for {url}" for url in page.evaluate(ASKED) if not url.startswith(("file:", "data:")))
    yield from (f"a box says {said}" for said in page.evaluate(BOXES))
    yield from (f"too wide: {element}" for element in page.evaluate(WIDE))
    results = Axe().run(page, options={"runOnly": ["color-contrast"]}).response
    yield from (_unreadable(node) for violation in results["violations"] for node in violation["nodes"])


def _unreadable(node: dict[str, Any]) -> str:
    facts = node["any"][0]["data"]
    colours = f"{facts['fgColor']} on {facts['bgColor']}, {facts['contrastRatio']}:1"
    return f"hard to read ({colours}): {node['html'][:100]}"


if __name__ == "__main__":
    scheme, width, *pages = sys.argv[1:]
    print(json.dumps(browse("dark" if scheme == "dark" else "light", int(width), [*map(Path, pages)])))
