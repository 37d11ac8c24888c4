# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation site that `make docs` has built: what a reader meets first, every page in a browser, every link."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from tests.local_jira import CHECKOUT

SITE = CHECKOUT / ".cache/site/html"
PAGES = sorted(SITE.rglob("*.html"))
PYTHON, BROWSER = CHECKOUT / ".cache/release/bin/python", Path(__file__).parent / "browser.py"
WINDOWS = [("light", 1400), ("dark", 1400), ("light", 390), ("dark", 390)]
"""What the reader likes, and how wide the window is in pixels: a monitor, and a telephone."""


MODULE_PAGE = SITE / "plugins/jira_issue_link_module.html"
SYNOPSIS = '<section id="synopsis">'
IN_A_BROWSER = {
    # what is put in the place of what, and what the browser says of it
    "contents": (SYNOPSIS, f'<nav class="contents local"></nav>{SYNOPSIS}', "a box says"),
    "light rows": (
        "narrowtable-background: var(--color-background-secondary)",
        "narrowtable-background: #e7f2fa",
        "hard",
    ),
    "a wide table": (SYNOPSIS, f'<table style="width: 500px"><tr><td>wide</table>{SYNOPSIS}', "too wide"),
    "a picture": (SYNOPSIS, f'<img alt="x" src="https://www.example.com/x.png">{SYNOPSIS}', "it asks for https:"),
}


class Html(HTMLParser):
    """What a page points to, what can be pointed to in it, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors = {""}
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [value for name, value in attrs if name in ("href", "src") and value]
        self.anchors.update(value for name, value in attrs if name in ("id", "name") and value)

    def handle_data(self, data: str) -> None:
        self.text += data


@cache
def parsed(page: Path) -> Html:
    return Html(page.read_text(encoding="utf-8"))


def browse(scheme: str, width: int, pages: Sequence[Path]) -> dict[str, list[str]]:
    """What is wrong with pages in a browser, by page."""
    command: list[str | Path] = [PYTHON, BROWSER, scheme, str(width), *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def broken_links(page: Path) -> Iterator[str]:
    """Those to a file or to an anchor that is not there. Other sites are not asked."""
    for target in parsed(page).targets:
        parts = urlsplit(target)
        file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if parts.scheme or parts.netloc:
            continue
        if not file.is_file():
            yield f"{target}: no such file"
        elif file.suffix == ".html" and unquote(parts.fragment) not in parsed(file).anchors:
            yield f"{target}: no such anchor"


def test_every_kind_of_page_is_there() -> None:
    guides = {f"docs/{guide.stem}.html" for guide in (CHECKOUT / "docs").glob("*.md")}
    roles = {f"plugins/{role.name}_role.html" for role in (CHECKOUT / "roles").iterdir()}
    plugins = {
        f"plugins/{file.stem}_{kind}.html"
        for folder, kind in {"modules": "module", "lookup": "lookup", "filter": "filter"}.items()
        for file in (CHECKOUT / "plugins" / folder).glob("*.py")
    }
    wanted = {"index.html", "search.html", "plugins/index.html", *guides, *roles, *plugins}
    assert wanted - {str(page.relative_to(SITE)) for page in PAGES} == set()


def test_the_start_page_leads_with_the_sentence_and_two_commands() -> None:
    """What it is, and how to see it, before the name of the first module."""
    page = (SITE / "index.html").read_text(encoding="utf-8")
    text = Html(page[page.index("<h1") :]).text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    sentence = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))["description"]
    places = [*map(text.index, (sentence, "make demo", "make test", "jira_issue_link"))]
    assert places[0] < 50 and places == sorted(places)


@pytest.mark.parametrize(("scheme", "width"), WINDOWS)
def test_every_page_can_be_read(scheme: str, width: int) -> None:
    assert browse(scheme, width, PAGES) == {}


def test_what_cannot_be_read_is_found(tmp_path: Path) -> None:
    """On a telephone at night."""
    text, pages = MODULE_PAGE.read_text(encoding="utf-8"), tmp_path / "plugins"
    (tmp_path / "_static").symlink_to(SITE / "_static")
    pages.mkdir()
    for name, (before, after, _says) in IN_A_BROWSER.items():
        assert before in text
        (pages / name).with_suffix(".html").write_text(text.replace(before, after, 1), encoding="utf-8")
    found = {Path(page).stem: wrong for page, wrong in browse("dark", 390, sorted(pages.iterdir())).items()}
    for name, (_before, _after, says) in IN_A_BROWSER.items():
        assert any(each.startswith(says) for each in found[name]), found[name]


def test_every_link_leads_somewhere() -> None:
    assert {page: broken for page in PAGES if (broken := [*broken_links(page)])} == {}


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    targets = ("#here", "page.html#here", "https://www.example.com/no", "no.html", "#no", "page.html#no")
    page.write_text('<p id="here">' + "".join(f'<a href="{target}">x</a>' for target in targets), encoding="utf-8")
    assert [broken.partition(":")[0] for broken in broken_links(page)] == ["no.html", "#no", "page.html#no"]
