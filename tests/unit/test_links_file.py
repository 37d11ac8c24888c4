# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file becomes options of jira_issue_links, or all its mistakes, each with the line in which an editor shows it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from ansible_collections.linkops.jira.plugins.module_utils._model.options import SAID_IN_A_LIST, InputError
from ansible_collections.linkops.jira.plugins.modules.jira_issue_links import ARGUMENT_SPEC, IN_FILE
from ansible_collections.linkops.jira.plugins.plugin_utils import _lines
from ansible_collections.linkops.jira.plugins.plugin_utils._lines import from_json, from_yaml
from ansible_collections.linkops.jira.plugins.plugin_utils._links_file import read_links_file
from hypothesis import given
from hypothesis import strategies as st

STATED = {**ARGUMENT_SPEC, "links": {**ARGUMENT_SPEC["links"], "options": IN_FILE}}
LINK = {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}
SELF_BY_TYPE = "{link_type: Blocks, inward_issue: REL-1, outward_issue: REL-1}"
FLOW = "{issue: REL-1, phrase: is blocked by, linked_issue: APP-7}"
SUFFIXES = ("yml", "yaml", "json", "csv", "")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(text: str | bytes, name: str = "links.yml") -> dict[str, Any]:
    """What a file states, without the origins of its links."""
    options = read_with_origins(text, name)
    return {
        **options,
        "links": [{key: link[key] for key in link if key != "origin"} for link in options["links"]],
    }


def read_with_origins(text: str | bytes, name: str = "links.yml") -> dict[str, Any]:
    file = read_links_file(name, text.encode() if isinstance(text, str) else text, STATED)
    if file.mistakes:
        raise InputError(file.refusal)
    return file.options


BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join(9 * [f'*a{n - 1}'])}]\n" for n in range(1, 10))


def mistakes(text: str | bytes, name: str = "links.yml") -> list[tuple[int, str]]:
    """The mistakes that are reported, with their lines."""
    with pytest.raises(InputError) as refusal:
        read(text, name)
    count, found = re.fullmatch(rf"(\d+) mistakes? in {re.escape(name)}: (.*)", str(refusal.value), re.DOTALL).groups()  # type: ignore[union-attr]
    parts = re.split(r"(?:^| )line (\d+): ", found)[1:]
    assert len(parts) == 2 * int(count)
    return [(int(line), mistake) for line, mistake in zip(parts[::2], parts[1::2], strict=True)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("links.yml", f"- {FLOW}"),
        ("links.yml", f"---\nlinks:\n- {FLOW}\n...\n"),
        ("links.txt", f"links: [{FLOW}]"),
        ("links", f"links: [{FLOW}]"),
        ("LINKS.JSON", f"[\n\t{json.dumps(LINK)}\r\n]"),
        ("a.json", json.dumps({"links": [LINK]})),
        ("a.b.csv", "Linked issue;issue;phrase\nAPP-7;REL-1;is blocked by"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_formats_and_encodings(name: str, text: str, encoding: str) -> None:
    assert read(text.encode(encoding), name) == {"links": [LINK]}


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("a.yml", "state: present\nlinks:\n- REL-1 blocks APP-7\n\n- sentence: REL-1 blocks APP-7\n", [3, 5]),
        ("a.json", '["REL-1 blocks APP-7",\n{"sentence": "REL-1 blocks APP-7"}]', [1, 2]),
        ("a.csv", "sentence,comment\nREL-1 blocks APP-7,\n\n REL-1 blocks APP-7 ,\n", [2, 4]),
    ],
)
def test_sentences_with_their_origin(name: str, text: str, lines: list[int]) -> None:
    said = "REL-1 blocks APP-7"
    assert read_with_origins(text, name)["links"] == [
        {"sentence": said, "origin": f"{name} line {line}"} for line in lines
    ]


def test_a_sentence_or_its_words() -> None:
    rows = [
        "sentence,issue,phrase,linked issue",
        "REL-1 blocks APP-7,,,",
        ",REL-1,blocks,APP-7",
        "A blocks B,REL-1,,",
        ",,,REL-1",
    ]
    assert mistakes("\n".join(rows), "a.csv") == [
        (4, f"{SAID_IN_A_LIST} This one has issue and sentence."),
        (5, f"{SAID_IN_A_LIST} This one has linked_issue."),
    ]
    links = "- A blocks\n- {sentence: REL-1 blocks B, state: gone}\n- {sentence: REL-1 blocks B}\n"
    assert [line for line, dummy in mistakes(links)] == [1, 2, 3]


def test_a_sentence_that_is_none_is_quoted_whole() -> None:
    for text, name in (("- REL-1 is blocked by\n", "a.yml"), ("sentence\nREL-1 is blocked by\n", "a.csv")):
        ((_line, message),) = mistakes(text, name)
        none = "'REL-1 is blocked by' is no sentence about two issues: 'by' is no issue key. A key looks like HSP-1."
        assert message == none


@pytest.mark.parametrize("link", ["REL-1 blocks rel-1", FLOW.replace("APP-7", "rel-1"), SELF_BY_TYPE])
def test_an_issue_linked_to_itself(link: str) -> None:
    ((_line, message),) = mistakes(f"- {link}\n")
    assert message == "You cannot link an issue to itself: both ends are REL-1."


@pytest.mark.parametrize("play", ["hosts: localhost\n  gather_facts: false", "import_playbook: other.yml"])
def test_a_playbook_in_place_of_a_file_of_links(play: str) -> None:
    ((line, message),) = mistakes(f"---\n# mine\n- name: A play\n  {play}\n- hosts: all\n")
    assert line == 1 and message.startswith("this is a playbook.") and "- REL-1 is blocked by APP-7." in message


@pytest.mark.parametrize(
    ("text", "line"), [("- REL-1 blocks APP-7\n- {1: 2}", 2), ("links: []\n1: 3", 1), ("- {null: 1, issue: x}", 1)]
)
def test_a_name_that_is_no_text(text: str, line: int) -> None:
    ((found, message),) = mistakes(text)
    assert found == line and message.endswith("is no name of an option. A name is text.")


def test_what_is_right_beside_mistakes() -> None:
    """What makes sense is there to be looked at by Jira, and a mistake is an element itself: nothing gets lost."""
    text = f"max_removals: many\nlinks:\n- REL-1 blocks APP-7\n- REL 1 blocks APP-7\n- {FLOW}\nstate: exact\n"
    file = read_links_file("/x/a.yml", text.encode(), STATED)
    assert file.options["state"] == "exact" and "max_removals" not in file.options
    one, two, three, four = file.options["links"]
    assert one == {"origin": "a.yml line 1", "mistake": "argument 'max_removals' has to be of type int."}
    assert two == {"origin": "a.yml line 3", "sentence": "REL-1 blocks APP-7"}
    assert three["origin"] == "a.yml line 4" and "'REL 1 blocks APP-7'" not in three
    assert four == {"origin": "a.yml line 5", **LINK}
    assert file.to_result() == [{"origin": each["origin"], "message": each["mistake"]} for each in (one, three)]
    assert file.refusal.startswith("2 mistakes in /x/a.yml: line 1: ")


@pytest.mark.parametrize(
    "text",
    [
        "state: exat\nlinks: [REL-1 blocks APP-7]",
        "stat: exact\nlinks: [REL-1 blocks APP-7]",
        "links: [{sentence: REL-1 blocks APP-7, sentence: REL-1 blocks APP-8}]",
    ],
)
def test_where_it_is_not_clear_what_is_meant_only_the_mistakes_are_left(text: str) -> None:
    file = read_links_file("a.yml", text.encode(), STATED)
    assert [element.keys() for element in file.options["links"]] == [{"origin", "mistake"}]


def test_all_options() -> None:
    text = "state: exact\nscope: {issues: [REL-1]}\nmax_removals: 5\nacyclic: [Blocks]\nexclusive: yes\nlinks: []\n"
    said = {"state": "exact", "scope": {"issues": ["REL-1"]}, "max_removals": 5, "acyclic": ["Blocks"]}
    assert read(text) == {**said, "exclusive": True, "links": []}


def test_values_stay_what_they_are() -> None:
    """A date is text, since there are none in JSON; a template is text; what YAML merges in is there."""
    text = f"""
- &first
  {FLOW[1:-1].replace(", ", chr(10) + "  ")}
  comment: 2026-11-28
- <<: *first
  comment: "{{{{ 1/0 }}}}"
- issue: 10001
  phrase: blocks
  linked_issue: APP-7
"""
    dated, template, number = read(text)["links"]
    assert dated == {**LINK, "comment": "2026-11-28"}
    assert template == {**LINK, "comment": "{{ 1/0 }}"}
    assert number["issue"] == 10001


SEPARATORS = st.sampled_from([(",", ":"), (" , ", " : "), ("\n,", "\n\t:\r\n"), (",", f"{' ' * 1100}:")])


@given(VALUES, st.sampled_from([None, 1, "\t"]), SEPARATORS, st.booleans())
def test_json_is_read_as_json(value: Any, indent: Any, separators: tuple[str, str], ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=ascii_only)
    assert from_json(text).value == json.loads(text)


@given(st.lists(st.tuples(st.integers(0, 3), VALUES), max_size=4), st.booleans())
def test_lines_of_json(elements: list[tuple[int, Any]], under_a_name: bool) -> None:
    """Whatever the elements hold, each is in the line in which it begins."""
    text, lines = "\n[" if not under_a_name else '{"a":\n[', []
    for position, (breaks, value) in enumerate(elements):
        text += "\n" * breaks
        lines.append(text.count("\n") + 1)
        text += json.dumps(value, indent=1) + "," * (position < len(elements) - 1)
    document = from_json(text + ("]}" if under_a_name else "]"))
    assert [document.line(*(["a"] * under_a_name), position) for position in range(len(elements))] == lines


@given(st.binary() | st.text().map(str.encode), st.sampled_from(SUFFIXES))
def test_any_bytes_are_links_or_are_refused(data: bytes, suffix: str) -> None:
    for whole in (data, b"links:\n- " + data, b"[" + data, b"issue,phrase,linked_issue\n" + data):
        try:
            assert isinstance(read(whole, f"links.{suffix}")["links"], list)
        except InputError as refusal:
            assert re.match(r"\d+ mistakes? in links\.\w*: line \d+: ", str(refusal))


MISTAKEN = f"""\
state: exat
stat: exact
max_removals: many
scope:
  issues: [REL-1]
  linked_projects:
acyclic:
  - Blocks
  -
links:
  - {FLOW}
  - {{issue: REL-1, phrase: blocks, linked_isue: APP-7}}
  - just text
  -
  - issue: REL 1
    linked_issue: APP 7
    phrase: blocks
  - {{issue: REL-1, issue: REL-2, phrase: blocks, linked_issue: APP-7}}
  - {{issue: REL-1, phrase: "", linked_issue: APP-7}}
  - {{}}
  - {{link_type: Blocks, inward_issue: APP-7}}
  - issue: REL-1
    phrase: blocks
    linked_issue: APP-7
    comment_internal: perhaps
    comment_visibility: everybody
max_removals: 3
"""
MISTAKES = [
    (1, "value of state must be one of: present, absent, exact"),
    (2, "Unsupported parameters: stat (perhaps state is meant)"),
    (4, "scope.linked_projects is empty"),
    (7, "acyclic[1] is null"),
    (12, "Unsupported parameters: linked_isue (perhaps linked_issue is meant)"),
    (13, "'just text' is no sentence about two issues"),
    (14, "null is no link"),
    (15, "'REL 1' is no issue key"),
    (15, "'APP 7' is no issue key"),
    (18, "'issue' is given twice, first in line 18"),
    (19, "phrase is empty"),
    (20, "This one has nothing"),
    (21, "This one has inward_issue and link_type"),
    (22, "comment_visibility has to be a dict, and is text"),
    (22, "'comment_internal' has to be of type bool"),
    (27, "'max_removals' is given twice, first in line 3"),
]


def test_all_mistakes_in_the_order_of_lines() -> None:
    found = mistakes(MISTAKEN)
    assert [line for line, dummy in found] == [line for line, dummy in MISTAKES]
    pairs = zip((text for dummy, text in found), (words for dummy, words in MISTAKES), strict=True)
    assert [(text, words) for text, words in pairs if words not in text] == []


@pytest.mark.parametrize("name", ["links.yml", "links.json"])
def test_a_key_given_twice_at_any_depth(name: str) -> None:
    """JSON and YAML both keep the last one, so the other one would be lost without a word."""
    inner = '{"type": "doc",\n"version": 1, "version": 1, "content": []}'
    text = f'{{"links":\n[{json.dumps(LINK)[:-1]}, "comment": {inner}}}]}}'
    assert mistakes(text, name) == [(3, "'version' is given twice, first in line 3.")]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("links:\n- a: [1\n- b", 3, "this is no YAML: "),
        (f"links:\n\t- {FLOW}", 2, "a tab cannot indent in YAML"),
        (f"- {FLOW}\n---\n- {FLOW}", 2, "a second document begins"),
        ("- issue: REL-1\n  phrase: a: b", 2, "this is no YAML: mapping values are not allowed here."),
        ("- issue: REL-1\n  comment: !vault |\n    x", 2, "the tag '!vault' means nothing here"),
        ("- issue: REL-1\n  comment: !!set {x}", 2, "the tag 'tag:yaml.org,2002:set' means nothing here"),
        ("links:\n  {{ links }}", 2, "found unhashable key"),
        ("- issue: REL-1\n  comment: a\x1bb", 2, "the character U+001B cannot stand in YAML"),
        ("- &a\n  - *a", 1, "Circular reference"),
        (BOMB, 1, "its aliases repeat more than 1,000,000 values"),
        ("[" * 1100, 1, "cannot be read"),
        ("a: !!int x", 1, "cannot be read"),
    ],
)
def test_what_is_no_yaml(text: str, line: int, words: str) -> None:
    ((found, mistake),) = mistakes(text)
    assert found == line and words in mistake


def test_it_is_the_same_without_the_part_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        f"links:\n- {FLOW}",
        "links:\n- a: [1\n- b",
        "a: !x y",
        "\t- a",
        "[" * 1100,
        "a: \x1b",
        "%x\n---\nlinks: a",
    ]
    before = [outcome(text) for text in texts]
    monkeypatch.setattr(_lines, "_FastLoader", _lines._Loader)
    assert [outcome(text) for text in texts] == before


def outcome(text: str) -> Any:
    try:
        return from_yaml(text)
    except InputError as mistake:
        return str(mistake)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "this is no JSON"),
        ('[\n{"issue": "REL-1",}\n]', 2, "this is no JSON"),
        ("[" * 100_000, 1, "cannot be read"),
        ("1" * 5000, 1, "cannot be read"),
    ],
)
def test_what_is_no_json(text: str, line: int, words: str) -> None:
    ((found, mistake),) = mistakes(text, "links.json")
    assert found == line and words in mistake


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        ("a\nb\r\nü".encode("latin-1"), 3, "not in UTF-8"),
        (b"a\nb\0", 2, "NUL"),
        ("a\nb".encode("utf-16-le"), 1, "NUL"),
        ("a\nb".encode("utf-32"), 1, "NUL"),
        (b"\xff\xfea\0\n", 1, "its UTF-16 is broken"),
    ],
)
def test_what_is_no_text(data: bytes, line: int, words: str, suffix: str) -> None:
    found, mistake = mistakes(data, f"links.{suffix}")[-1]
    assert found == line and words in mistake and "Save the file again as UTF-8" in mistake


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "just text", "3", "state: exact", "links:", "links: APP-7", f"links: {FLOW}"]
)
def test_what_declares_no_links(text: str) -> None:
    """An empty file is a mistake, and not a list without links: with state exact, that would remove."""
    ((line, mistake),) = mistakes(text)
    assert line == 1 and "has to be a list of links" in mistake


def test_csv_without_anything() -> None:
    assert mistakes("", "links.csv") == [(1, f"columns are missing. {SAID_IN_A_LIST}")]


def test_mistakes_are_safe_to_print() -> None:
    assert "\x1b" not in mistakes('[{"\\u001b[2J": 1}, "\\u001b[2J"]', "links.json")[0][1]


def test_what_yaml_writes_comes_back() -> None:
    options = {"links": [{**LINK, "comment": {"type": "doc", "version": 1, "content": []}}], "state": "present"}
    for text, name in ((yaml.safe_dump(options), "a.yml"), (json.dumps(options, indent="\t"), "a.json")):
        assert read(text, name) == options
