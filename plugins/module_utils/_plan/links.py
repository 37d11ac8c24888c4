# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Current and desired links compared: what to add, to keep and to remove. No input or output."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from itertools import permutations
from typing import NamedTuple

from .._model.link import IssueLink


class Plan(NamedTuple):
    """Which links to add, to keep and to remove. Everything that a module reports is derived from a plan."""

    current: tuple[IssueLink, ...] = ()
    keep: tuple[IssueLink, ...] = ()
    """Desired, and there already."""
    add: tuple[IssueLink, ...] = ()
    remove: tuple[IssueLink, ...] = ()
    pruned: tuple[IssueLink, ...] = ()
    """Those of the links to remove that nobody named."""

    @property
    def changed(self) -> bool:
        return bool(self.add or self.remove)

    @property
    def after(self) -> tuple[IssueLink, ...]:
        gone = set(self.remove)
        return tuple(link for link in self.current if link not in gone) + self.add

    @property
    def diff(self) -> dict[str, str]:
        """Ansible's before and after, a sentence a line. The comment of a new link follows its sentence."""

        def entry(link: IssueLink) -> str:
            return f"{link.sentence}\n" + (f"  {link.comment.line}\n" if link.comment else "")

        return {"before": "".join(sorted(map(entry, self.current))), "after": "".join(sorted(map(entry, self.after)))}

    @property
    def nothing_done(self) -> Plan:
        """The same plan with none of it carried out."""
        return self._replace(add=(), remove=(), pruned=())


class Scope(NamedTuple):
    """Which links a plan may remove although nobody named them: those of its types at one of its issues.

    :param issues: current keys.
    :param link_types: ids.
    :param linked_projects: project keys for the other end; None for any.
    """

    issues: Set[str]
    link_types: Set[str | None]
    linked_projects: Set[str] | None = None

    def holds(self, link: IssueLink) -> bool:
        return link.type.id in self.link_types and any(
            here.key in self.issues and (self.linked_projects is None or there.project in self.linked_projects)
            for here, there in permutations(link.ends)
        )


def plan_links(
    current: Iterable[IssueLink],
    wanted: Sequence[IssueLink] = (),
    unwanted: Sequence[IssueLink] = (),
    *,
    scope: Scope | None = None,
    exclusive: bool = False,
) -> Plan:
    """Compare current and desired links: which to add, which to keep and which to remove.

    :param current: every link of the issues that wanted, unwanted and scope name; others do no harm.
    :param wanted: no two of them with the same identity.
    :param unwanted: none of them with the identity of a wanted one. Each means the link with its id, or without an id
        every link that says the same.
    :param scope: also remove what it holds and nobody wants.
    :param exclusive: each wanted link is to be the only one between its two issues.
    """
    current = tuple(current)
    there = defaultdict(list)
    for link in current:
        there[link.identity].append(link)
    keep = tuple(_best(each, there[each.identity]) for each in wanted if there[each.identity])
    kept = set(keep)
    pairs = {frozenset(each.keys) for each in wanted} if exclusive else set()
    said = {each.identity for each in wanted}

    def too_much(link: IssueLink) -> bool:
        rival = frozenset(link.keys) in pairs and link not in kept
        return rival or (scope is not None and scope.holds(link) and link.identity not in said)

    named = dict.fromkeys(link for each in unwanted for link in there[each.identity] if each.id in (None, link.id))
    pruned = tuple(link for link in current if too_much(link) and link not in named)
    return Plan(
        current,
        keep,
        add=tuple(each for each in wanted if not there[each.identity]),
        remove=(*named, *pruned),
        pruned=pruned,
    )


def _best(wanted: IssueLink, same: Sequence[IssueLink]) -> IssueLink:
    """Of links that say the same (a symmetric type allows two), the one in the wanted orientation if there is one."""
    return min(same, key=lambda link: link.inward.key != wanted.inward.key)
