# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds what a run reports against what Jira then holds, and against the same run in calm weather."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ansible_collections.linkops.jira.plugins.module_utils._model.link import LinkType
from ansible_collections.linkops.jira.plugins.module_utils._model.remote_link import RemoteLink
from ansible_collections.linkops.jira.plugins.module_utils._module import Report
from ansible_collections.linkops.jira.plugins.module_utils._plan.link_types import type_sentence

from tests.local_jira import is_read
from tests.unit.tasks import SECRETS

State = Mapping[str, Any]
"""What the sandbox holds, as it says itself, and past its proxy."""
DOUBT = re.compile(r"may have been done|is not known|cannot be told")
"""How a report says that something may be done although nobody answered that it was."""
LONGEST_MESSAGE = 10_000  # characters


class Violation(NamedTuple):
    rule: str
    words: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.words}"


class Change(NamedTuple):
    added: Counter[str]
    removed: Counter[str]

    @classmethod
    def between(cls, before: Iterable[str], after: Iterable[str]) -> Change:
        was, is_now = Counter(before), Counter(after)
        return cls(is_now - was, was - is_now)

    def beyond(self, other: Change) -> list[str]:
        """What of this is not in the other."""
        more = [f"+ {text}" for text in (self.added - other.added).elements()]
        return [*more, *(f"- {text}" for text in (self.removed - other.removed).elements())]


class Run(NamedTuple):
    """A task that was run: what Jira held before and after, the report, and the requests by their names."""

    module: str
    check: bool
    before: State
    after: State
    report: Report
    requests: list[str]

    @property
    def result(self) -> dict[str, Any]:
        return self.report.result

    @property
    def failed(self) -> bool:
        return bool(self.result.get("failed"))

    @property
    def only_reads(self) -> bool:
        return self.check or self.module.endswith("_info")

    @property
    def outcome(self) -> str:
        if not self.failed:
            word = "changed" if self.result["changed"] else "ok"
        elif DOUBT.search(json.dumps(self.result)):
            word = "failed, in doubt"
        else:
            word = "failed half way" if self.result["changed"] else "failed"
        return f"{word} (check mode)" if self.check else word

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Of a set: each of its links, and what became of it."""
        found = [each for name in ("links", "remote_links") for each in self.result.get(name, ())]
        return found if self.module in ("jira_issue_links", "jira_remote_links") else []

    @property
    def done(self) -> Change:
        """What was done, with every particular."""
        return Change.between(items(self.before), items(self.after))

    @property
    def seen(self) -> Change:
        """What was done, in the sentences of a diff. A link type that gets other words changes no link."""
        phrases = {kind["id"]: kind["outward"] for state in (self.after, self.before) for kind in state["link_types"]}
        return Change.between(*(map(self.by_id, sentences(state, phrases)) for state in (self.before, self.after)))

    @property
    def reported(self) -> Change:
        """What it says that it did: its diff."""
        diff = self.result.get("diff", {})
        return Change.between(*(map(self.by_id, self._told(diff.get(end, ""))) for end in ("before", "after")))

    def _told(self, text: str) -> list[str]:
        for kind in self.before["link_types"]:  # what stands for a phrase that could not be read
            text = text.replace(f"[{kind['name']}]", kind["outward"]).replace(f"[{kind['id']}]", kind["outward"])
        told = re.split(r"\n(?! )", text.rstrip("\n")) if text else []
        # What is indented belongs to a remote link, or is the comment of an issue link.
        return told if "remote" in self.module else [entry.partition("\n")[0] for entry in told]

    def by_id(self, text: str) -> str:
        """The text with the ids of issues in place of their keys: an issue may have moved, and have two."""
        ids = {key: issue["id"] for state in (self.before, self.after) for key, issue in state["issues"].items()}
        return re.sub(r"\b[A-Z]+-\d+\b", lambda key: ids.get(key[0], key[0]), text)


def items(state: State) -> Counter[str]:
    """All that Jira holds but comments, without the ids that depend on the order in which things were made."""
    types = {kind["name"]: kind["id"] for kind in state["link_types"]}
    ids = {key: issue["id"] for key, issue in state["issues"].items()}
    remote_links = [{**link, "id": None, "issue": ids[link["issue"]]} for link in state["remote_links"]]
    return Counter([
        *(f"link {ids[link['inward']]} {types[link['type']]} {ids[link['outward']]}" for link in state["links"]),
        *(f"type {kind['name']}: {kind['inward']}, {kind['outward']}" for kind in state["link_types"]),
        *(f"remote link {json.dumps(link, sort_keys=True)}" for link in remote_links),
    ])  # fmt: skip


def comments(state: State) -> Counter[str]:
    ids = {key: issue["id"] for key, issue in state["issues"].items()}
    return Counter(f"{comment['body']!r} at issue {ids[comment['issue']]}" for comment in state["comments"])


def sentences(state: State, phrases: Mapping[str, str]) -> Iterator[str]:
    """What Jira holds, in the words of a diff."""
    types = {kind["name"]: kind["id"] for kind in state["link_types"]}
    for link in state["links"]:
        yield f"{link['inward']} {phrases[types[link['type']]]} {link['outward']}"
    for kind in state["link_types"]:
        yield type_sentence(LinkType(**kind))
    for link in state["remote_links"]:
        yield "\n".join(RemoteLink.from_json(link).lines(link["issue"]))


# --- the rules


def whatever_jira_says(run: Run, calm: Run, credentials: Iterable[str]) -> Iterator[Violation]:
    output = json.dumps([run.result, run.report.warnings], ensure_ascii=False)
    for secret in {*SECRETS, *credentials}:
        if secret in output or json.dumps(secret)[1:-1] in output:
            yield Violation("a credential in the output", output)
    for text in (run.result.get("msg", ""), *run.report.warnings):
        if not text.isprintable() or len(text) > LONGEST_MESSAGE:
            yield Violation("a message that is not fit to print", f"{len(text)} characters: {text[:300]!r}")
    if "ended unexpectedly" in output:
        yield Violation("crash", run.result["msg"])
    if run.only_reads and (writes := [name for name in run.requests if not _reads(name)]):
        yield Violation("a run that may only read writes", str(writes))
    for comment, count in (comments(run.after) - comments(calm.after) - comments(run.before)).items():
        yield Violation("doubled comment", f"{count} times too often: {comment}")


def _reads(name: str) -> bool:
    method, path, *_rest = name.split()
    return is_read(f"{method} {path.partition('?')[0]}") or path == "/oauth/token"


def as_jira_is(run: Run, calm: Run) -> Iterator[Violation]:
    """What holds as long as Jira tells the truth.

    :param calm: the same run, from the same beginning, in which nothing went wrong.
    """
    for text in run.done.beyond(Change(Counter(), Counter()) if run.only_reads else calm.done):
        yield Violation("what nobody named is changed", text)
    if run.only_reads:
        yield from _foretold(run, calm)
        return
    for text in run.reported.beyond(run.seen):
        yield Violation("reported and not done", text)
    for text in run.seen.beyond(run.reported):
        if not _is_doubted(run, text):
            yield Violation("done and not reported", text)
    if run.result["changed"] != any(run.reported):
        yield Violation("changed is not what the diff says", str(run.result["changed"]))
    if not run.failed and (calm.failed or items(run.after) != items(calm.after)):
        yield Violation("ok, and the declared state is not there", f"{run.done}, not {calm.done}")
    missing = [text for text in calm.done.added - run.done.added if text.startswith("link ")]
    if missing and run.done.removed and run.module.startswith("jira_issue_link"):
        yield Violation("removed before all is there", f"{missing} {run.done.removed}")
    yield from _entries(run)
    yield from _comments(run, calm)


def _foretold(run: Run, calm: Run) -> Iterator[Violation]:
    """An info shows what there is; check mode says what the real run does, unless a warning says that it cannot."""
    if run.failed or "cannot be told" in " ".join(run.report.warnings):
        return
    if calm.failed:
        yield Violation("foretold as ok, and it fails", calm.result["msg"])
    elif run.module.endswith("_info") and run.result != calm.result:
        yield Violation("an info that is not true", f"{run.result} {calm.result}")
    elif (run.reported, run.result["changed"]) != (calm.reported, calm.result["changed"]):
        yield Violation("foretold wrongly", f"{run.reported} {calm.reported}")


def _is_doubted(run: Run, text: str) -> bool:
    """Whether the report says of this that it may be done."""
    sentence = text[2:].partition("\n")[0]
    about = [str(entry["error"]) for entry in run.entries if run.by_id(entry["sentence"]) == sentence]
    return run.failed and any(DOUBT.search(text) for text in about or [run.result["msg"]])


def _entries(run: Run) -> Iterator[Violation]:
    phrases = {kind["id"]: kind["outward"] for kind in run.after["link_types"]}
    held = {run.by_id(text).partition("\n")[0] for text in sentences(run.after, phrases)}
    for entry in run.entries:
        there = run.by_id(entry["sentence"]) in held
        if entry["status"] in ("present", "created", "updated") and not there:
            yield Violation("an entry that is not true", str(entry))


def _comments(run: Run, calm: Run) -> Iterator[Violation]:
    """All is there but a comment, and nothing says so; or the other way round."""
    words = " ".join([str(run.result.get("msg")), *run.report.warnings, *(str(each["error"]) for each in run.entries)])
    lost = comments(calm.after) - comments(run.after)
    if lost and items(run.after) == items(calm.after) and "comment" not in words and not DOUBT.search(words):
        yield Violation("a comment that is missing without a word", str(lost))
    if "omment was refused" in words and not lost and not calm.failed:
        yield Violation("a comment that is there and called refused", words)


def after_the_storm(first: Run, second: Run, calm: Run) -> Iterator[Violation]:
    """Of two runs in calm weather, the first leads to the declared state, and the second changes nothing."""
    if calm.failed:
        return
    if first.failed:
        yield Violation("fails when the weather has cleared", first.result["msg"])
    elif items(first.after) != items(calm.after):
        there = Change.between(items(calm.after), items(first.after))
        yield Violation("not the declared state when the weather has cleared", str(there))
    elif second.failed or second.result["changed"] or second.after != first.after:
        yield Violation("a second run changes something", str(second.result))
