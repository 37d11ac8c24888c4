# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Before the first write: which issues, what an earlier run left on them, and why a run would not be right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.live.marks import Mark, issues_of_journal, mark_of_global_id
from tests.live.reading import SERVICE_DESK, Issue, read_issue, read_permissions, read_remote_links, read_types
from tests.live.reasons import Reason
from tests.live.removing import KINDS, Written, find
from tests.live.scratch import JOURNAL_LEFT, Scratch
from tests.live.site import NO_LOGIN, Site, SiteError, basic, on_this_machine, speaks_of_scope

COMMENTS_COME = """\
At most three comments are written to them, and three more are tried that Jira has to refuse. Comments send mail to the
people who watch these issues. They are removed again, or named at the end where this account may not remove them.
LIVE_COMMENTS=false leaves them out."""
IN_THE_OPEN = "\nThe address begins with http://, so anybody on the way can read your login."
LOGINS = "JIRA_USERNAME with JIRA_PASSWORD or JIRA_API_TOKEN, or JIRA_TOKEN"
LOGIN_VARIABLES = ("JIRA_USERNAME", "JIRA_PASSWORD", "JIRA_API_TOKEN", "JIRA_TOKEN")
SPELLING = ". Check the spelling, and that this account may see it"


class Refused(Exception):
    """A run would not be right; nothing was written."""


class Settings(NamedTuple):
    """What the environment says."""

    url: str
    authorization: str
    issues: Sequence[str]
    comments: bool
    moved: str


def settings(environment: Mapping[str, str]) -> Settings:
    """Raises Refused where something is missing or makes no sense."""
    for name, value in environment.items():
        if name.startswith(("JIRA_", "LIVE_")) and value != value.encode(errors="replace").decode():
            raise Refused(f"{name} holds bytes that are no text in UTF-8")
    url = environment.get("JIRA_URL", "")
    if not url.startswith(("https://", "http://")) or "@" in url:
        raise Refused(
            "JIRA_URL has to be the address of a Jira, such as https://example.atlassian.net, without a login in it"
        )
    issues = [name.strip() for name in environment.get("LIVE_ISSUES", "").split(",") if name.strip()]
    if len(issues) != 3:
        raise Refused("LIVE_ISSUES has to name three scratch issues, such as LIVE_ISSUES=ABC-1,ABC-2,ABC-3")
    moved = environment.get("LIVE_MOVED", "").strip()
    if moved and not re.fullmatch(r"\w+-\d+", moved):
        raise Refused("LIVE_MOVED has to be a key that an issue once had, such as LIVE_MOVED=OLD-1")
    comments = environment.get("LIVE_COMMENTS", "true").lower()
    if comments not in ("true", "false"):
        raise Refused("LIVE_COMMENTS has to be true or false")
    return Settings(url, _authorization(environment), issues, comments == "true", moved)


def _authorization(environment: Mapping[str, str]) -> str:
    user, token = environment.get("JIRA_USERNAME", ""), environment.get("JIRA_TOKEN", "")
    secret = environment.get("JIRA_PASSWORD") or environment.get("JIRA_API_TOKEN") or ""
    given = ", ".join(name for name in LOGIN_VARIABLES if environment.get(name)) or "none of them"
    if token and (user or secret):
        raise Refused(f"one login is needed, and two are set: {given}. Unset one of the two")
    if not token and not (user and secret):
        raise Refused(f"one login is needed: {LOGINS}. What is set: {given}")
    if not (token.isascii() and (token + " ").isprintable()):
        raise Refused("JIRA_TOKEN holds what no token has, such as a line break")
    return f"Bearer {token}" if token else basic(user, secret)


class Look(NamedTuple):
    """The three issues, and what a run that was killed has left on them."""

    scratch: Scratch
    marks: set[Mark]
    left: Written

    def announcement(self) -> str:
        """What is going to be written, and how it goes again."""
        three = self.scratch
        keys = ", ".join(issue.key for issue in three.issues)
        kind = "Cloud" if three.site.cloud else "Data Center"
        comments = f"No comments are written: {three.no_comments.value}." if three.no_comments else COMMENTS_COME
        return f"""\
About to ask {three.site.url} ({kind} {three.site.version}) how its links behave.
On {keys} issue links and remote links are made and removed, some dozens of each. Each of them changes
the issues' history, and triggers automation, webhooks and mail where this site has them. Only links among these three
issues are removed, and remote links with a random global id of this run. Nothing else is written.
{comments}
One request is made with a login that does not exist.{IN_THE_OPEN if in_the_open(three.site.url) else ""}"""


def in_the_open(url: str) -> bool:
    """Whether requests go to another machine, and not through TLS."""
    return urlsplit(url).scheme == "http" and not on_this_machine(url)


def look(site: Site, asked: Settings) -> Look:
    """Read all there is on the issues. Raises Refused if one of them has links that no earlier run made."""
    site.recognise()
    _require_login(site)
    _require_moved(site, asked.moved)
    read = [read_issue(site, name, SPELLING) for name in asked.issues]
    issues = [issue for issue, _links in read]
    if len({issue.id for issue in issues}) < 3:
        raise Refused("LIVE_ISSUES names an issue twice: " + ", ".join(f"{i.key} has the id {i.id}" for i in issues))
    remote_links = [link for issue in issues for link in read_remote_links(site, issue)]
    strange = [link for link in remote_links if mark_of_global_id(link.global_id) is None]
    if strange:
        raise Refused(f"{strange[0].issue.key} has a remote link already: {strange[0].id}. Name issues without any")
    marks = {mark for link in remote_links if (mark := mark_of_global_id(link.global_id))}
    ours = _require_own_journal(site, issues, [link.global_id for link in remote_links])
    left = find(site, issues, marks, KINDS if marks else ())
    known = {link.id for link in left.links} if ours else set()
    for issue, links in read:
        if any(link.id not in known for link in links):
            raise Refused(f"{issue.key} has issue links already. Name issues without any")
    return Look(_scratch(site, issues, asked), marks, left)


def _require_login(site: Site) -> None:
    """Who is not logged in does not see all links."""
    answer = site.ask("GET", "myself")
    if answer.status != 200 and not speaks_of_scope(answer):
        raise Refused(f"myself answers {answer.status}: {NO_LOGIN}")


def _require_moved(site: Site, key: str) -> None:
    """A key that leads to no issue, or to one that still has it, shows nothing of keys that moved."""
    if key and read_issue(site, key, SPELLING)[0].key == key.upper():
        raise Refused(f"LIVE_MOVED has to be a key that an issue once had, and {key} is the key of one today")


def _require_own_journal(site: Site, issues: Sequence[Issue], global_ids: Sequence[str]) -> bool:
    """Whether an earlier run with these issues was killed. Raises Refused if it was one with other issues."""
    journals = [ids for each in global_ids if (ids := issues_of_journal(each))]
    for ids in journals:
        if set(ids) != {issue.id for issue in issues}:
            names = ",".join(_key(site, each) for each in ids)
            raise Refused(
                f"a run with other issues was killed; first clean up with LIVE_ISSUES={names}. If one of those "
                f"issues is gone, remove by hand what is left: {JOURNAL_LEFT}"
            )
    return bool(journals)


def _key(site: Site, issue_id: str) -> str:
    """The key of this issue; its id where it cannot be read."""
    try:
        return read_issue(site, issue_id)[0].key
    except SiteError:
        return issue_id


def _scratch(site: Site, issues: Sequence[Issue], asked: Settings) -> Scratch:
    permissions = [read_permissions(site, issue, "LINK_ISSUES", "ADD_COMMENTS") for issue in issues]
    refused = [i.key for i, each in zip(issues, permissions, strict=True) if each.get("LINK_ISSUES") is False]
    if refused:
        raise Refused(f"this account lacks the permission Link Issues on {', '.join(refused)}")
    no_comments = None
    if not asked.comments:
        no_comments = Reason.NO_COMMENTS
    elif any(each.get("ADD_COMMENTS") is False for each in permissions):
        no_comments = Reason.MAY_NOT_COMMENT
    elif any(issue.project_type == SERVICE_DESK for issue in issues):
        no_comments = Reason.CUSTOMERS
    return Scratch(site, issues, read_types(site), no_comments, asked.moved)
