# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run wrote: finding it on the three issues, and removing it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from tests.live.marks import Mark, issues_of_journal, mark_of_comment, mark_of_global_id
from tests.live.reading import Comment, Issue, Link, RemoteLink, read_comments, read_issue, read_remote_links
from tests.live.site import Site

LINKS, REMOTE_LINKS, COMMENTS = KINDS = ("links", "remote links", "comments")


class Written(NamedTuple):
    links: Sequence[Link] = ()
    remote_links: Sequence[RemoteLink] = ()
    comments: Sequence[Comment] = ()

    def named(self) -> list[str]:
        """Each of them, for the user."""
        return [
            *(f"issue link {link.id}" for link in self.links),
            *(f"remote link {link.id} of {link.issue.key} ({link.global_id})" for link in self.remote_links),
            *(f"comment {comment.id} of {comment.issue.key}" for comment in self.comments),
        ]

    def without_journal(self) -> Written:
        return self._replace(remote_links=[each for each in self.remote_links if not issues_of_journal(each.global_id)])


def among(issues: Iterable[Issue], links: Iterable[Link]) -> list[Link]:
    """The links with both ends at these issues, each once."""
    ids = {issue.id for issue in issues}
    return list({link.id: link for link in links if link.ends <= ids}.values())


def find(site: Site, issues: Sequence[Issue], marks: Collection[Mark], kinds: Collection[str] = KINDS) -> Written:
    """The links among the issues, and the remote links and comments that carry one of the marks."""
    links = [link for issue in issues if LINKS in kinds for link in read_issue(site, issue.id)[1]]
    remote_links = [link for issue in issues if REMOTE_LINKS in kinds for link in read_remote_links(site, issue)]
    comments = [comment for issue in issues if COMMENTS in kinds for comment in read_comments(site, issue)]
    return Written(
        among(issues, links),
        [link for link in remote_links if mark_of_global_id(link.global_id) in marks],
        [comment for comment in comments if mark_of_comment(comment.text) in marks],
    )


def remove(site: Site, written: Written) -> None:
    """What cannot be removed stays; who wants to know looks again."""
    for link in written.links:
        site.ask("DELETE", "issueLink/*", link.id)
    for comment in written.comments:
        site.ask("DELETE", "issue/*/comment/*", comment.issue.id, comment.id)
    for remote_link in written.remote_links:
        site.ask("DELETE", "issue/*/remotelink/*", remote_link.issue.id, remote_link.id)


def remove_all(site: Site, issues: Sequence[Issue], marks: Collection[Mark], kinds: Collection[str] = KINDS) -> Written:
    """Remove what the runs of these marks wrote; returns what is still there.

    The journal stays while a link stays, or the next run would take that link for somebody else's.
    """
    remove(site, find(site, issues, marks, kinds).without_journal())
    left = find(site, issues, marks, kinds)
    if left.links or left.without_journal().remote_links:
        return left
    remove(site, Written(remote_links=left.remote_links))
    return left._replace(remote_links=find(site, issues, marks, {REMOTE_LINKS}).remote_links)
