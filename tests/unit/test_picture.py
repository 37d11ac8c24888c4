# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pictures of links, and texts that no markup can break out of."""

from __future__ import annotations

import html
import json
import random
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.linkops.jira.plugins.filter.link_graph import link_graph
from ansible_collections.linkops.jira.plugins.module_utils._text import printable
from ansible_collections.linkops.jira.plugins.plugin_utils._markup import escape_html, escape_markdown
from ansible_collections.linkops.jira.plugins.plugin_utils._palette import palette, status_style
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.unit.graphs import CHAIN, about, entries

BACKSLASH = "\N{SET MINUS}"  # in a tooltip
SITE = "https://jira.example.com/jira"
FRAGMENTS = [
    *'"\\][}{<>#;&`*_|:\n\r\t\0~$%/-.=+!1a ',
    *("\\N", '\\"', '"]', "-->", "--", "%%{init: {}}%%", "<script>alert(1)</script>", "]]>", "<!--", "&lt;", "&#60;"),
    *("#quot;", "#60;", "\nend\n", "subgraph x", "click a href", ":::done", "1. a", "- a", "# a", "http://x.y"),
    *(
        "www.x.y",
        "\u202e",
        "\u2028",
        "\x1b[2J",
        "\ud800",
        "ß",
        "日本",
        "😀",
        "![a](b)",
        "<br>",
        "{{ 1/0 }}",
        "//",
        "/*",
    ),
    *("*a*", "_a_", "`a`", "~~a~~", "**a**", "<https://x.y>", "| a |", "&copy;"),
]
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.characters(), max_size=12).map("".join)
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz's dot is not installed")


class TestEscapes:
    @given(TEXTS)
    def test_html_gives_the_text_back(self, text: str) -> None:
        escaped = escape_html(text)
        assert not re.search("[<>\"'\n]", escaped)
        assert html.unescape(escaped) == printable(text)

    @given(TEXTS)
    @example(" ".join(FRAGMENTS))
    def test_markdown_gives_the_text_back(self, text: str) -> None:
        """Read by another program, on a line of its own and in a table."""
        commonmark = MarkdownIt("commonmark").enable("table")
        shown = printable(text).strip().replace("@", "@\u2060")
        tokens = commonmark.parse(escape_markdown(text))
        assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
        assert self.text_of(tokens) == re.sub(" +", " ", shown) or self.text_of(tokens) == shown
        rows = commonmark.parse(f"| a | b |\n|---|---|\n| x {escape_markdown(text)} | y |\n")
        cells = [token for token in rows if token.type == "inline"][2:]
        assert [self.text_of([cell]).removeprefix("x").strip() for cell in cells] == [shown, "y"]

    @staticmethod
    def text_of(tokens: list[Any]) -> str:
        inline = [child for token in tokens for child in token.children or ()]
        assert {child.type for child in inline} <= {"text", "text_special"}
        return "".join(child.content for child in inline)


LABEL = r"(?:[^\W_]|[ ,.-]|\#\d+;)*"
MERMAID_LINES = re.compile(
    rf"""flowchart\ LR
    |\ \ subgraph\ \w+\["{LABEL}"\] |\ \ end
    |\ +issue_\w+\["{LABEL}(?:<br>{LABEL})*"\]:::\w+
    |\ +type\d+\["{LABEL}"\]:::type\d+
    |\ \ issue_\w+\ (?:-->|---)\|"{LABEL}"\|\ issue_\w+
    |\ \ classDef\ \w+\ fill:\#\w+,stroke:\#\w+,color:\#\w+
    |\ \ linkStyle\ [\d,]+\ stroke:\#\w+
    |\ \ click\ issue_\w+\ href\ "https://jira[.]example[.]com/jira/browse/[\w%.~-]+" """,
    re.VERBOSE,
)


class TestMermaid:
    def test_whole(self) -> None:
        issues = about(APP_7="Login", LIB_2='Say "hello"', REL_1="Release 1.0")
        assert link_graph(CHAIN, issues=issues, url=f"{SITE}/").splitlines() == [
            "flowchart LR",
            '  subgraph project0["APP"]',
            '    issue_APP_7["APP-7<br>Login<br>To Do"]:::todo',
            "  end",
            '  subgraph project1["LIB"]',
            '    issue_LIB_2["LIB-2<br>Say #34;hello#34;<br>To Do"]:::todo',
            "  end",
            '  subgraph project2["OPS"]',
            '    issue_OPS_3["OPS-3"]:::unknown',
            "  end",
            '  subgraph project3["REL"]',
            '    issue_REL_1["REL-1<br>Release 1.0<br>To Do"]:::todo',
            "  end",
            '  issue_APP_7 -->|"blocks"| issue_REL_1',
            '  issue_LIB_2 -->|"blocks"| issue_APP_7',
            '  issue_REL_1 ---|"relates to"| issue_OPS_3',
            '  subgraph legend["Link types"]',
            '    type0["Blocks"]:::type0',
            '    type1["Relates#58; relates to"]:::type1',
            "  end",
            "  classDef todo fill:#eceef1,stroke:#68717d,color:#16191d",
            "  classDef unknown fill:#ffffff,stroke:#68717d,color:#16191d",
            "  classDef type0 fill:#ffffff,stroke:#0072b2,color:#16191d",
            "  classDef type1 fill:#ffffff,stroke:#b34d00,color:#16191d",
            "  linkStyle 0,1 stroke:#0072b2",
            "  linkStyle 2 stroke:#b34d00",
            f'  click issue_APP_7 href "{SITE}/browse/APP-7"',
            f'  click issue_LIB_2 href "{SITE}/browse/LIB-2"',
            f'  click issue_OPS_3 href "{SITE}/browse/OPS-3"',
            f'  click issue_REL_1 href "{SITE}/browse/REL-1"',
        ]

    @given(TEXTS, TEXTS, TEXTS)
    def test_no_text_breaks_out(self, summary: str, status: str, phrase: str) -> None:
        links = entries(("APP-7", "Blocks", "REL-1"))
        links[0] |= {"link_type": phrase or "Blocks", "outward": phrase}
        issues = about(APP_7=summary, REL_1="Release")
        issues["APP-7"]["status"] = status
        lines = link_graph(links, issues=issues, url=SITE).split("\n")
        assert lines.pop() == ""
        assert [line for line in lines if not MERMAID_LINES.fullmatch(line)] == []
        (node,) = (line for line in lines if "issue_APP_7[" in line)
        parts = [text for text in ("APP-7", summary, status) if text]
        assert self.decoded(node.split('"')[1]) == "\n".join(map(printable, parts))

    @staticmethod
    def decoded(label: str) -> str:
        return re.sub(r"#(\d+);", lambda code: chr(int(code[1])), label.replace("<br>", "\n"))

    def test_any_key_is_a_name(self) -> None:
        """Keys come from Jira, but nothing stands or falls with it."""
        lines = link_graph(entries(('end"]', "Blocks", "Ä_B-1")), url=SITE).splitlines()
        assert [line for line in lines if not MERMAID_LINES.fullmatch(line)] == []

    def test_without_frames_and_legend(self) -> None:
        assert "subgraph" not in link_graph(CHAIN, group=False, legend=False)


def dot(text: str, form: str) -> str:
    run = subprocess.run(["dot", f"-T{form}"], input=text.encode(), capture_output=True, check=False)
    assert run.returncode == 0 and not run.stderr, run.stderr
    return run.stdout.decode()


@needs_dot
class TestDot:
    @settings(max_examples=30)
    @given(st.lists(TEXTS, min_size=1, max_size=8), TEXTS)
    def test_no_text_breaks_out(self, summaries: list[str], phrase: str) -> None:
        links = entries(*[(f"APP-{number}", "Blocks", "REL-1") for number, dummy in enumerate(summaries)])
        for link in links:
            link |= {"link_type": phrase or "Blocks", "outward": phrase}
        issues = about(**{f"APP_{number}": text for number, text in enumerate(summaries)})
        text = link_graph(links, "dot", issues=issues, url=SITE, legend=False)
        drawn = json.loads(dot(text, "dot_json"))
        nodes = {each["name"]: each for each in drawn["objects"] if "nodes" not in each}
        assert set(nodes) == {"REL-1", *(f"APP-{number}" for number, dummy in enumerate(summaries))}
        assert len(drawn["edges"]) == len(summaries)
        for number, summary in enumerate(summaries):
            shown = printable(f"APP-{number} {summary}".strip())
            assert nodes[f"APP-{number}"]["tooltip"].replace("&amp;", "&") == shown.replace("\\", BACKSLASH)
            assert nodes[f"APP-{number}"]["URL"] == f"{SITE}/browse/APP-{number}"

    @settings(max_examples=30)
    @given(TEXTS)
    def test_the_drawing_holds_nothing_but_text(self, text: str) -> None:
        drawn = ElementTree.fromstring(
            dot(link_graph(CHAIN, "dot", issues=about(APP_7=text, REL_1="Release"), url=SITE), "svg")
        )
        tags = {element.tag.rpartition("}")[2] for element in drawn.iter()}
        assert tags <= {"svg", "g", "title", "a", "path", "polygon", "polyline", "ellipse", "text"}
        values = [value for element in drawn.iter() for name, value in element.items() if name.endswith("href")]
        assert sorted(values) == [f"{SITE}/browse/{key}" for key in ("APP-7", "LIB-2", "OPS-3", "REL-1")]
        titles = [element.get("{http://www.w3.org/1999/xlink}title") for element in drawn.iter()]
        assert " ".join(f"APP-7 {printable(text)}".replace("\\", BACKSLASH).split()) in [
            " ".join((title or "").split()) for title in titles
        ]

    def test_frames_arrows_and_legend(self) -> None:
        text = link_graph(CHAIN, "dot")
        drawn = json.loads(dot(text, "dot_json"))
        labels = {each["label"] for each in drawn["objects"] if "nodes" in each}
        assert labels == {"APP", "LIB", "OPS", "REL", "Link types"}
        assert [edge.get("dir") for edge in drawn["edges"]].count("none") == 1
        assert "cluster" not in link_graph(CHAIN, "dot", group=False, legend=False)


class TestJson:
    def test_whole(self) -> None:
        found = link_graph(CHAIN[:1], "json", issues=about(APP_7="<b>"), url=SITE)
        unknown = dict.fromkeys(("id", "summary", "status", "status_category", "issue_type"))
        told = about(APP_7="<b>")["APP-7"]
        assert found == {
            "palette": palette(),
            "nodes": [
                {"key": "APP-7", "project": "APP", **told, "url": f"{SITE}/browse/APP-7"},
                {"key": "REL-1", "project": "REL", **unknown, "url": f"{SITE}/browse/REL-1"},
            ],
            "edges": [
                {
                    "inward_issue": "APP-7",
                    "outward_issue": "REL-1",
                    "link_type": "Blocks",
                    "phrase": "blocks",
                    "symmetric": False,
                }
            ],
        }

    def test_one_edge_for_a_symmetric_type(self) -> None:
        pair = entries(("HSP-1", "Relates", "MKY-1"), ("MKY-1", "Relates", "HSP-1"))
        other = entries(("HSP-1", "Blocks", "MKY-1"), ("MKY-1", "Blocks", "HSP-1"))
        assert [len(link_graph(links, "json")["edges"]) for links in (pair, other)] == [1, 2]

    def test_links_that_are_declared_rather_than_read(self) -> None:
        found = link_graph([{"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}], "json")
        assert found["edges"][0]["phrase"] == "Blocks"

    @given(st.randoms(use_true_random=False))
    def test_stable(self, shuffle: random.Random) -> None:
        ends = [(f"APP-{number}", f"REL-{number % 3}") for number in range(12)]
        links = entries(*[(inward, name, outward) for inward, outward in ends for name in ("Blocks", "Relates")])
        mixed = shuffle.sample(links, len(links))
        for form in ("mermaid", "dot", "json"):
            assert link_graph(mixed, form) == link_graph(links, form)

    def test_issues_without_a_link_are_drawn_if_that_is_wanted(self) -> None:
        links, issues = entries(("A-10", "Blocks", "A-9")), {"A-2": {"status": "Open"}, "A-9": {"status": "Done"}}
        drawn = link_graph(links, "json", issues=issues, unlinked=True)
        assert [(node["key"], node["status"]) for node in drawn["nodes"]] == [
            ("A-2", "Open"),
            ("A-9", "Done"),
            ("A-10", None),
        ]
        assert len(link_graph(links, "json", issues=issues)["nodes"]) == 2

    def test_keys_in_the_order_of_people(self) -> None:
        found = link_graph(entries(("A-10", "Blocks", "A-9")), "json")
        assert [node["key"] for node in found["nodes"]] == ["A-9", "A-10"]


class TestPalette:
    CHECKOUT = Path(__file__).resolve().parents[2]
    PLACES = ("plugins/plugin_utils", "plugins/filter", "roles/release_gate")

    def sources(self) -> dict[str, str]:
        files = [file for place in self.PLACES for file in (self.CHECKOUT / place).rglob("*.*")]
        return {str(file): file.read_text(encoding="utf-8") for file in files if file.suffix in (".py", ".j2", ".yml")}

    def test_no_colour_stands_twice(self) -> None:
        count = Counter(colour.lower() for text in self.sources().values() for colour in COLOUR.findall(text))
        assert {*palette()["light"].values(), *palette()["dark"].values()} <= set(count)
        assert not {colour for colour, times in count.items() if times > 1}

    @pytest.mark.parametrize("name", palette()["classes"].values())
    def test_no_class_stands_twice(self, name: str) -> None:
        """The role's style sheet and page name none. In the code, a name that is no plain word stands once."""
        named = re.compile(rf"[.]{name}\b|--{name}\b|\bstatus {name}\b")
        sources = self.sources()
        assert not [file for file, text in sources.items() if file.endswith(".j2") and named.search(text)]
        if name in ("todo", "doing"):
            assert sum(len(re.findall(rf"\b{name}\b", text)) for text in sources.values()) == 1

    def test_light_and_dark_name_the_same_colours(self) -> None:
        assert list(palette()["light"]) == list(palette()["dark"])
        assert all(COLOUR.fullmatch(colour) for page in ("light", "dark") for colour in palette()[page].values())

    def test_it_has_what_pictures_use(self) -> None:
        """The colours of a picture are those of a light page, and its classes have colours."""
        links = entries(*[(f"APP-{number}", "Blocks", "REL-1") for number in range(9)])
        for number, link in enumerate(links):
            link["link_type"] = f"Type {number}"
        light = palette()["light"]
        for form in ("mermaid", "dot"):
            assert set(COLOUR.findall(link_graph(links, form, issues=about(APP_1="")))) <= set(light.values())
        classes = set(re.findall(r'class="(\w+)"', link_graph(links, "dot"))) - {"group"}
        assert classes == {"unknown", *(f"type{number}" for number in range(6))} <= set(light)

    @pytest.mark.parametrize(
        ("category", "name"),
        [("Done", "done"), (" in  progress", "doing"), ("To Do", "todo"), ("No Category", "todo"), (None, "unknown")],
    )
    def test_class_by_category(self, category: str | None, name: str) -> None:
        assert status_style(category).name == name


@pytest.mark.parametrize(
    ("links", "options", "says"),
    [
        ("REL-1", {}, "have to be a list"),
        ({"links": []}, {}, "have to be a list"),
        (["REL-1"], {}, "links[0] is no link: it has to be a dict"),
        (
            [CHAIN[0], {"link_type": "Blocks", "inward_issue": "A-1"}],
            {},
            "links[1] is no link: it has no outward_issue",
        ),
        (CHAIN, {"issues": ["REL-1"]}, "issues has to be what"),
        (CHAIN, {"issues": {"REL-1": "Release"}}, "issues has to be what"),
        (CHAIN, {"format": "png"}, "format has to be one of mermaid, dot, json"),
        (CHAIN, {"url": "javascript:alert(1)"}, "url has to begin with https://"),
        (CHAIN, {"url": 'https://x"y'}, "url has to begin with https://"),
        (CHAIN, {"url": "https://user:secret@jira.example.com"}, "without credentials"),
    ],
    ids=str,
)
def test_what_makes_no_sense(links: Any, options: dict[str, Any], says: str) -> None:
    with pytest.raises(AnsibleFilterError, match=re.escape(says)) as caught:
        link_graph(links, **options)
    assert "secret" not in str(caught.value)
