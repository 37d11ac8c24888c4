# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store: everything one Jira holds, its indexes, and who may see what."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from itertools import count

from .model import Account, Issue, Link, LinkType, Project, Refusal, digits

CLOUD, DATA_CENTER = "cloud", "data_center"
ISSUE_MISSING = {
    CLOUD: "Issue does not exist or you do not have permission to see it.",
    DATA_CENTER: "Issue Does Not Exist",
}
LINKING_DISABLED = "Issue linking is currently disabled."
GLOBAL_PERMISSIONS = (
    "ADMINISTER", "BULK_CHANGE", "CREATE_PROJECT", "CREATE_SHARED_OBJECTS", "MANAGE_GROUP_FILTER_SUBSCRIPTIONS",
    "SYSTEM_ADMIN", "USER_PICKER",
)  # fmt: skip
PERMISSIONS = (
    "BROWSE_PROJECTS", "LINK_ISSUES", "ADD_COMMENTS", *GLOBAL_PERMISSIONS, "ADMINISTER_PROJECTS", "ARCHIVE_ISSUES",
    "ASSIGNABLE_USER", "ASSIGN_ISSUES", "CLOSE_ISSUES", "CREATE_ATTACHMENTS", "CREATE_ISSUES", "DELETE_ALL_ATTACHMENTS",
    "DELETE_ALL_COMMENTS", "DELETE_ALL_WORKLOGS", "DELETE_ISSUES", "DELETE_OWN_ATTACHMENTS", "DELETE_OWN_COMMENTS",
    "DELETE_OWN_WORKLOGS", "EDIT_ALL_COMMENTS", "EDIT_ALL_WORKLOGS", "EDIT_ISSUES", "EDIT_OWN_COMMENTS",
    "EDIT_OWN_WORKLOGS", "MANAGE_SPRINTS_PERMISSION", "MANAGE_WATCHERS", "MODIFY_REPORTER", "MOVE_ISSUES",
    "RESOLVE_ISSUES", "SCHEDULE_ISSUES", "SERVICEDESK_AGENT", "SET_ISSUE_SECURITY", "TRANSITION_ISSUES",
    "UNARCHIVE_ISSUES", "VIEW_AGGREGATED_DATA", "VIEW_DEV_TOOLS", "VIEW_READONLY_WORKFLOW", "VIEW_VOTERS_AND_WATCHERS",
    "WORK_ON_ISSUES",
)  # fmt: skip
PER_ISSUE_LIMIT = 2000


def nobody(_event: str, _link: Link) -> None:
    """Nobody is told."""


def now() -> str:
    """The time as Jira writes it: milliseconds and +0000."""
    seconds, milliseconds = divmod(time.time_ns() // 1_000_000, 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{milliseconds:03}+0000"


class Store:
    """One Jira. Every rule module takes a store first; nothing in here knows HTTP."""

    def __init__(self, deployment: str) -> None:
        self.deployment = deployment
        self.cloud = deployment == CLOUD
        self.title = "Jira"
        self.cloud_id = ""
        self.linking_enabled = True
        self.max_links = PER_ISSUE_LIMIT
        self.max_remote_links = PER_ISSUE_LIMIT
        self.comment_on = "inward"
        """On which issue of a new link its comment lands; Jira's documents can be read both ways."""
        self.comment_after_link = not self.cloud
        """Whether a comment is looked at only once the link is made."""
        self.issue_link_type_finds = "names_and_phrases"
        """Which words of a link type the JQL field issueLinkType takes; it depends on the site."""
        self.groups: dict[str, str] = {}
        self.roles: dict[str, int] = {}
        self.accounts: dict[str, Account] = {}
        self.projects: dict[str, Project] = {}
        self.link_types: dict[int, LinkType] = {}
        self.links: dict[int, Link] = {}
        self.issues: dict[int, Issue] = {}
        self._by_key: dict[str, Issue] = {}
        self._by_ends: dict[tuple[int, int, int], Link] = {}
        self._may: dict[tuple[str | None, str, str], bool] = {}
        self.ids = count(10000)
        self.issue_ids = count(10001)
        self.link_type_ids = count(10000)
        self._index: dict[int, Issue] | None = None
        self.not_indexed: Collection[int] = ()
        """Ids of issues that no search finds, as while Data Center rebuilds its index."""
        self.tell: Callable[[str, Link], None] = nobody
        """Called with `issuelink_created` or `issuelink_deleted` for each link that comes or goes."""

    # --- issues

    def add_issue(self, issue: Issue) -> None:
        self.issues[issue.id] = issue
        self._by_key[issue.key] = issue

    def remove_issue(self, issue: Issue) -> None:
        """Its links go with it, and so do the old keys that led to it; neither key nor id is given again."""
        self.drop_links(issue.links.values())
        del self.issues[issue.id]
        self._by_key = {key: each for key, each in self._by_key.items() if each is not issue}

    def find(self, key_or_id: str) -> Issue | None:
        """The issue by key (any case, old keys of moved issues included) or by numeric id."""
        found = self._by_key.get(key_or_id) or self._by_key.get(key_or_id.upper())
        number = None if found else digits(key_or_id)
        return found if number is None else self.issues.get(number)

    def known(self, key_or_id: str) -> Issue:
        """The same, for an issue that has to be there. Raises ValueError."""
        issue = self.find(key_or_id)
        if issue is None:
            raise ValueError(f"there is no issue {key_or_id}")
        return issue

    def find_visible(self, account: Account | None, key_or_id: str) -> Issue | None:
        issue = self.find(key_or_id)
        return issue if issue and self.sees(account, issue) else None

    def visible(self, account: Account | None, key_or_id: str) -> Issue:
        """As find_visible; a missing and an invisible issue are refused in the same words."""
        issue = self.find_visible(account, key_or_id)
        if issue is None:
            raise Refusal(404, ISSUE_MISSING[self.deployment])
        return issue

    def freeze_index(self, frozen: bool) -> None:
        """From now on a search finds every issue as it is at this moment; or again as it is by then."""
        self._index = (
            {issue.id: replace(issue, links=dict(issue.links)) for issue in self.issues.values()} if frozen else None
        )

    def indexed(self, current: Collection[int]) -> list[Issue]:
        """The issues as a search knows them, apart from those that have to be current."""
        known = self.issues if self._index is None else self._index
        elsewhere = {*current, *self.not_indexed}
        fresh = [self.issues[each] for each in current if each in self.issues]
        return [*fresh, *(each for each in known.values() if each.id not in elsewhere)]

    def remember_old_key(self, old_key: str, issue: Issue) -> None:
        self._by_key[old_key.upper()] = issue

    def move(self, issue: Issue, project: Project) -> None:
        """Give the issue the next key of another project; the old key keeps leading to it."""
        project.last_number += 1
        issue.project, issue.key = project, f"{project.key}-{project.last_number}"
        self._by_key[issue.key] = issue

    # --- permissions

    def may(self, account: Account | None, permission: str, project: Project) -> bool:
        question = (account.name if account else None, permission, project.key)
        answer = self._may.get(question)
        if answer is None:
            answer = self._may[question] = _holds(account, permission, project)
        return answer

    def sees(self, account: Account | None, issue: Issue) -> bool:
        return self.may(account, "BROWSE_PROJECTS", issue.project)

    def may_link(self, account: Account | None, issue: Issue) -> bool:
        return self.may(account, "LINK_ISSUES", issue.project)

    def may_anywhere(self, account: Account | None, permission: str) -> bool:
        return any(self.may(account, permission, project) for project in self.projects.values())

    # --- links, as an index; the rules are in links.py

    def link_between(self, inward: Issue, link_type: LinkType, outward: Issue) -> Link | None:
        return self._by_ends.get((inward.id, link_type.id, outward.id))

    def add_link(self, inward: Issue, link_type: LinkType, outward: Issue) -> Link:
        link = Link(next(self.ids), link_type, inward, outward)
        self.links[link.id] = inward.links[link.id] = outward.links[link.id] = link
        self._by_ends[inward.id, link_type.id, outward.id] = link
        self.tell("issuelink_created", link)
        return link

    def drop_links(self, links: Iterable[Link]) -> None:
        for link in list(links):
            for holder in (self.links, link.inward.links, link.outward.links):
                holder.pop(link.id, None)
            self._by_ends.pop((link.inward.id, link.type.id, link.outward.id), None)
            self.tell("issuelink_deleted", link)


def _holds(account: Account | None, permission: str, project: Project) -> bool:
    """Administrators have what no project grants to anybody."""
    if permission not in project.grants:
        return account is not None and account.admin
    return any(_is_among(account, holder, project) for holder in project.grants[permission])


def _is_among(account: Account | None, holder: str, project: Project) -> bool:
    if holder == "anyone":
        return True
    if account is None:
        return False
    kind, _other, name = holder.partition(":")
    if kind == "group":
        return name in account.groups
    if kind == "role":
        return account.in_role(name, project.key)
    return kind == "user" and name == account.name
