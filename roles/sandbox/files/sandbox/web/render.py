# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Jira shows: the store's objects as the JSON of its REST API."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from zlib import crc32

from ..rules.comments import to_document, visible_comments
from ..rules.model import (
    ISSUE_TYPES,
    PRIORITIES,
    STATUS_CATEGORIES,
    STATUSES,
    Account,
    Comment,
    Issue,
    Link,
    LinkType,
    Project,
    RemoteLink,
)
from ..rules.store import Store
from .answers import encode

Json = dict[str, Any]
NAVIGABLE = (
    "summary", "status", "issuetype", "project", "priority", "issuelinks", "labels", "created", "updated",
    "fixVersions", "description", "assignee", "reporter", "resolution", "subtasks",
)  # fmt: skip
ALL = (*NAVIGABLE, "comment")
EXPAND = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"


@lru_cache(maxsize=256)
def wanted_fields(given: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    """Field names as `fields=` selects them: names, *all, *navigable, -name; commas or repeated."""
    names = [name.strip() for part in given for name in part.split(",") if name.strip()]
    added = {name for name in names if name[0] not in "*-"}
    added.update(ALL if "*all" in names else NAVIGABLE if "*navigable" in names else ())
    if not any(name[0] != "-" for name in names):
        added.update(default)
    added.difference_update(name[1:] for name in names if name[0] == "-")
    return tuple(name for name in ALL if name in added)


class Renderer:
    """Renders for one address (`api_url`, the gateway's or the site's) and one version of the API.

    What does not depend on the account is encoded once and kept as text, since a hub shows a thousand
    links and a search a hundred issues: `issue` returns JSON text, the others return data.
    """

    def __init__(self, store: Store, site_url: str, api_url: str, version: int) -> None:
        self.store = store
        self.site_url = site_url
        self.version = version
        self.base = f"{api_url}/rest/api/{version}"
        self._linked: dict[int, Json] = {}
        self._fields: dict[tuple[int, str], str] = {}
        self._links: dict[tuple[int, int], str] = {}

    # --- issues

    def issue(self, account: Account | None, issue: Issue, fields: Iterable[str]) -> str:
        shown = ",".join([f'"{name}":{self._field_text(account, issue, name)}' for name in fields])
        return f'{encode(self.issue_head(issue))[:-1]},"fields":{{{shown}}}}}'

    def issues(self, account: Account | None, issues: Iterable[Issue], fields: Iterable[str]) -> str:
        return f"[{','.join([self.issue(account, issue, fields) for issue in issues])}]"

    def issue_head(self, issue: Issue) -> Json:
        return {"expand": EXPAND, "id": str(issue.id), "self": f"{self.base}/issue/{issue.id}", "key": issue.key}

    def _field_text(self, account: Account | None, issue: Issue, name: str) -> str:
        if name == "issuelinks":
            return self._links_seen_from(account, issue)
        if name == "comment":
            return encode(self._comment_field(account, issue))
        known = self._fields.get((issue.id, name))
        if known is None:
            known = self._fields[issue.id, name] = encode(self._field(issue, name))
        return known

    def _field(self, issue: Issue, name: str) -> Any:
        if name == "project":
            return self.project(issue.project)
        if name in ("summary", "status", "issuetype", "priority"):
            return self.linked(issue)["fields"][name]
        if name == "fixVersions":
            return [{"id": str(crc32(each.encode())), "name": each} for each in issue.fix_versions]
        if name in ("created", "updated"):
            return issue.created
        return [] if name in ("labels", "subtasks") else None

    def linked(self, issue: Issue) -> Json:
        """An issue as the other end of a link shows it."""
        found = self._linked.get(issue.id)
        if found is None:
            found = self._linked[issue.id] = {
                "id": str(issue.id),
                "key": issue.key,
                "self": f"{self.base}/issue/{issue.id}",
                "fields": {
                    "summary": issue.summary,
                    "status": self._status(issue.status),
                    "priority": self._priority(issue.priority),
                    "issuetype": self._issue_type(issue.issue_type),
                },
            }
        return found

    def _status(self, name: str) -> Json:
        category_id, key, colour = STATUS_CATEGORIES[name]
        return {
            "self": f"{self.base}/status/{STATUSES[name]}",
            "description": "",
            "iconUrl": f"{self.site_url}/images/icons/statuses/generic.png",
            "name": name,
            "id": str(STATUSES[name]),
            "statusCategory": {
                "self": f"{self.base}/statuscategory/{category_id}",
                "id": category_id,
                "key": key,
                "colorName": colour,
                "name": name,
            },
        }

    def _priority(self, name: str) -> Json:
        return {
            "self": f"{self.base}/priority/{PRIORITIES[name]}",
            "iconUrl": f"{self.site_url}/images/icons/priorities/{name.lower()}.svg",
            "name": name,
            "id": str(PRIORITIES[name]),
        }

    def _issue_type(self, name: str) -> Json:
        return {
            "self": f"{self.base}/issuetype/{ISSUE_TYPES[name]}",
            "id": str(ISSUE_TYPES[name]),
            "description": "",
            "iconUrl": f"{self.site_url}/images/icons/issuetypes/{name.lower()}.svg",
            "name": name,
            "subtask": False,
        }

    def project(self, project: Project) -> Json:
        return {
            "self": f"{self.base}/project/{project.id}",
            "id": str(project.id),
            "key": project.key,
            "name": project.name,
            "projectTypeKey": project.type_key,
        }

    # --- links

    def _links_seen_from(self, account: Account | None, issue: Issue) -> str:
        """Each link shows the other end only; links to what the account cannot see are hidden."""
        sees, known = self.store.sees, self._links
        shown = [
            known.get((issue.id, link.id)) or self._link_text(issue, link)
            for link in issue.links.values()
            if sees(account, link.outward if link.inward is issue else link.inward)
        ]
        return f"[{','.join(shown)}]"

    def _link_text(self, issue: Issue, link: Link) -> str:
        text = self._links[issue.id, link.id] = encode(self._link_seen_from(issue, link))
        return text

    def _link_seen_from(self, issue: Issue, link: Link) -> Json:
        seen = self._link_head(link)
        if link.inward is issue:
            seen["outwardIssue"] = self.linked(link.outward)
        else:
            seen["inwardIssue"] = self.linked(link.inward)
        return seen

    def _link_head(self, link: Link) -> Json:
        return {"id": str(link.id), "self": f"{self.base}/issueLink/{link.id}", "type": self.link_type(link.type)}

    def link(self, link: Link) -> Json:
        ends = {"inwardIssue": self.linked(link.inward), "outwardIssue": self.linked(link.outward)}
        return {**self._link_head(link), **ends}

    def link_type(self, link_type: LinkType) -> Json:
        return {
            "id": str(link_type.id),
            "name": link_type.name,
            "inward": link_type.inward,
            "outward": link_type.outward,
            "self": f"{self.base}/issueLinkType/{link_type.id}",
        }

    def remote_link(self, issue: Issue, remote_link: RemoteLink) -> Json:
        """What is null is not shown; application, icon and status are shown empty."""
        fields = {name: value for name, value in remote_link.fields.items() if value is not None}
        thing = {name: value for name, value in fields.get("object", {}).items() if value is not None}
        return {
            "id": remote_link.id,
            "self": f"{self.base}/issue/{issue.key}/remotelink/{remote_link.id}",
            **fields,
            "application": fields.get("application", {}),
            "object": {**thing, "icon": thing.get("icon", {}), "status": thing.get("status", {"icon": {}})},
        }

    # --- people and comments

    def user(self, account: Account) -> Json:
        """Cloud knows people by account id, Data Center by name."""
        user: Json = {
            "self": f"{self.base}/user?username={account.name}",
            "emailAddress": account.email,
            "displayName": account.display_name,
            "active": True,
            "timeZone": "Etc/UTC",
        }
        if self.store.cloud:
            user.update(accountId=account.account_id, accountType="atlassian")
            user["self"] = f"{self.base}/user?accountId={account.account_id}"
        else:
            user.update(name=account.name, key=account.name)
        return user

    def comment(self, issue: Issue, comment: Comment) -> Json:
        shown: Json = {
            "self": f"{self.base}/issue/{issue.id}/comment/{comment.id}",
            "id": str(comment.id),
            "body": (comment.adf or to_document(comment.text)) if self.version == 3 else comment.text,
            "created": comment.created,
            "updated": comment.created,
        }
        if comment.author:
            shown["author"] = shown["updateAuthor"] = self.user(comment.author)
        if comment.visibility:
            names = ("type", "value", "identifier") if self.store.cloud else ("type", "value")
            shown["visibility"] = {name: comment.visibility[name] for name in names}
        if issue.project.type_key == "service_desk":
            shown["jsdPublic"] = not comment.internal
        return shown

    def _comment_field(self, account: Account | None, issue: Issue) -> Json:
        comments = [self.comment(issue, comment) for comment in visible_comments(account, issue)]
        return {"comments": comments, "maxResults": len(comments), "total": len(comments), "startAt": 0}
