# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides whether a release may go out: what closes the gate, and what of that somebody has accepted. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ..module_utils._model.link import Issue, IssueLink
from ..module_utils._model.options import InputError, issue_key
from ..module_utils._text import counted, listed, misspelt, printable
from ._graph import Blocker, is_done, open_blockers, read_issues, read_links

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARTS = ("issue", "reason", "until")


class Release(NamedTuple):
    """What goes out together, and the links to what may block it.

    :param issues: by current key.
    :param others: the issues that the links name, by current key.
    """

    issues: Mapping[str, Issue]
    others: Mapping[str, Issue]
    links: Sequence[IssueLink]


class Acceptance(NamedTuple):
    """Somebody's word that an issue may stay open, and why.

    :param issue: its key or id, as it was given.
    :param until: the last day on which it counts; None if it always does.
    """

    issue: str
    reason: str
    until: date | None


class Decision(NamedTuple):
    """What closes the gate; what would close it if it were not accepted; and what to know of the acceptances."""

    blockers: list[Blocker]
    accepted: list[tuple[Blocker, Acceptance]]
    notes: list[str]


def read_release(read: Mapping[str, Any]) -> Release:
    """The release in what jira_issue_link_info returns.

    :raises InputError: it is something else, or Jira does not show all of the release.
    """
    if read.get("missing"):
        unread = listed(map(printable, read["missing"]))
        raise InputError(f"Jira does not show {unread}, so what blocks the release is not known.")
    asked, issues = read.get("asked"), read_issues(read.get("issues"))
    if not isinstance(asked, Mapping) or not asked or not set(asked.values()) <= set(issues):
        raise InputError("read has to be what jira_issue_link_info returns for the issues of the release.")
    release = {key: issues[key] for key in asked.values()}
    return Release(release, issues, read_links(read.get("links"), read["issues"]))


def read_date(value: Any, name: str) -> date:
    """A day such as 2026-12-31, which YAML may have read as a date already.

    :raises InputError: it is none.
    """
    text = str(value).strip()
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError(f"{name} has to be a date such as 2026-12-31, and is {printable(text)!r}.")


def read_accepted(accepted: Any) -> list[Acceptance]:
    """What is accepted, as a task says it.

    :raises InputError: elements have no issue, no reason, or an impossible date.
    """
    if not isinstance(accepted, (list, tuple)):
        raise InputError("accepted has to be a list. Each element has issue, reason, and until if it ends.")
    read, mistakes = list[Acceptance](), list[str]()
    for number, element in enumerate(accepted):
        try:
            read.append(_read_acceptance(element, f"accepted[{number}]"))
        except InputError as error:
            issue = element.get("issue") if isinstance(element, Mapping) else None
            mistakes.append(f"{printable(str(issue))}: {error}" if issue else str(error))
    if mistakes:
        raise InputError(" ".join(mistakes))
    return read


def _read_acceptance(element: Any, place: str) -> Acceptance:
    if not isinstance(element, Mapping):
        raise InputError(f"{place} has to be a dict with issue, reason, and until if it ends.")
    unknown = [misspelt(str(name), _PARTS) for name in element if name not in _PARTS]
    if unknown:
        raise InputError(f"{place} has {listed(unknown)}. It takes {listed(_PARTS)}.")
    for name, say in (("issue", "which issue is accepted"), ("reason", "why it is accepted")):
        if element.get(name) is None or not str(element[name]).strip():
            raise InputError(f"{place}.{name} is empty. Say {say}.")
    if not isinstance(element["reason"], str):
        raise InputError(f"{place}.reason has to be text.")
    last_day = read_date(element["until"], f"{place}.until") if "until" in element else None
    return Acceptance(issue_key(str(element["issue"])), printable(element["reason"]).strip(), last_day)


def by_current_key(
    acceptances: Sequence[Acceptance], read: Mapping[str, Any], release: Release
) -> dict[str, Acceptance]:
    """The acceptances by the keys that their issues have in the release, or as given where Jira does not show them.

    Issues are compared by their ids, because a key changes when an issue moves.

    :param read: what jira_issue_link_info returns for the accepted issues.
    :raises InputError: one was not asked for, or an issue is accepted twice.
    """
    asked: dict[str, str] = read.get("asked") or {}
    issues = read_issues(read.get("issues"))
    missing = [str(key).upper() for key in read.get("missing") or ()]
    by_id = {issue.id: key for key, issue in release.others.items() if issue.id}
    found: dict[str, Acceptance] = {}
    for acceptance in acceptances:
        shown = issues.get(asked.get(acceptance.issue, ""))
        if not shown and acceptance.issue not in missing:
            raise InputError(f"{acceptance.issue} is accepted, and accepted_read says nothing about it.")
        key = by_id.get(shown.id or "", shown.key) if shown else acceptance.issue
        if key in found:
            raise InputError(f"accepted has {printable(key)} twice. Say once why, and until when.")
        found[key] = acceptance
    return found


def decide(
    release: Release, accepted: Mapping[str, Acceptance], today: date, phrase: str, require_done: bool
) -> Decision:
    """What of the release and of what blocks it is open, and not accepted on this day.

    An accepted issue blocks nothing any more, so what blocks it counts only if it also blocks on another way.

    :param accepted: by the current keys of the issues.
    :param phrase: what an issue says of those that block it.
    :param require_done: whether the issues of the release have to be done themselves.
    """
    unfinished = {key: issue for key, issue in release.issues.items() if require_done and not is_done(issue)}
    counted_out = {key for key, each in accepted.items() if each.until is None or today <= each.until}
    counted_out -= release.issues.keys() - unfinished.keys()
    found = {key: Blocker(issue, f"{printable(key)} is not done") for key, issue in unfinished.items()}
    for blocker in open_blockers(release.links, release.issues, phrase, counted_out):
        found[blocker.issue.key] = blocker
    return Decision(
        [blocker for key, blocker in found.items() if key not in counted_out],
        [(blocker, accepted[key]) for key, blocker in found.items() if key in counted_out],
        [note for key, each in accepted.items() if (note := _note(key, each, key in found, key in counted_out))],
    )


def _note(key: str, acceptance: Acceptance, found: bool, counts: bool) -> str:
    """What to know of an acceptance that does not do what it is there for; empty if it does."""
    if not found:
        why = "It is done, does not block the release, or is hidden from this account."
        return f"{printable(key)} is accepted, but does not close the gate. {why}"
    return "" if counts else f"{printable(key)} was accepted until {acceptance.until}, so it counts again."


def verdict(decision: Decision, release: Release, name: str) -> str:
    """The decision in a few words: ``1 issue of the release is not done, 2 open blockers``.

    :param name: what is released.
    """
    own = sum(blocker.issue.key in release.issues for blocker in decision.blockers)
    others, accepted = len(decision.blockers) - own, len(decision.accepted)
    parts = [
        *([f"{counted(own, 'issue')} of the release {'is' if own == 1 else 'are'} not done"] if own else []),
        *([counted(others, "open blocker")] if others else []),
        *([f"No open blocker of {printable(name)}"] if not decision.blockers else []),
    ]
    return ", ".join(parts) + (f" ({accepted:,} accepted)" if accepted else "")


def to_result(decision: Decision, release: Release, name: str) -> dict[str, Any]:
    """What the action gate_decision returns."""
    return {
        "open": not decision.blockers,
        "verdict": verdict(decision, release, name),
        "blockers": [blocker.to_result() for blocker in decision.blockers],
        "accepted": [
            {**blocker.to_result(), "reason": each.reason, "until": each.until and each.until.isoformat()}
            for blocker, each in decision.accepted
        ],
        "issues": [{"issue": key, **issue.to_result()} for key, issue in release.issues.items()],
        "notes": decision.notes,
    }
