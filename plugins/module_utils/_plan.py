# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there and what is wanted, compared: what to add, to keep and to remove. No input or output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ._model import IssueLink


class Plan(NamedTuple):
    """What a run does, or would do. Everything a module reports is derived from it."""

    current: tuple[IssueLink, ...] = ()
    add: tuple[IssueLink, ...] = ()
    remove: tuple[IssueLink, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.add or self.remove)

    @property
    def after(self) -> tuple[IssueLink, ...]:
        return tuple(link for link in self.current if link not in self.remove) + self.add

    @property
    def diff(self) -> dict[str, str]:
        """Ansible's before and after, a sentence a line."""
        return {"before": _sentences(self.current), "after": _sentences(self.after)}

    def find(self, link: IssueLink) -> IssueLink | None:
        """The link that says the same, once the plan is carried out. The very same orientation wins."""
        same = [other for other in self.after if other.identity == link.identity]
        return min(same, key=lambda other: other.inward.key != link.inward.key, default=None)


def plan_link(current: Sequence[IssueLink], wanted: IssueLink, state: str, exclusive: bool = False) -> Plan:
    """The plan for one link, given all the links between its two issues.

    :param current: the links that join the two issues, of any type and direction.
    :param exclusive: the wanted link is to be the only one between the two.
    """
    plan = Plan(tuple(current))
    same = tuple(link for link in current if link.identity == wanted.identity)
    if state == "absent":
        return plan._replace(remove=same)
    kept = plan.find(wanted)
    return plan._replace(
        add=() if kept else (wanted,),
        remove=tuple(link for link in current if link is not kept) if exclusive else (),
    )


def _sentences(links: Sequence[IssueLink]) -> str:
    return "".join(sorted(f"{link.sentence}\n" for link in links))
