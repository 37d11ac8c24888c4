# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes, changes and removes link types. Jira answers 404 to whoever is no administrator."""

from __future__ import annotations

from .._client.errors import BadRequest, Forbidden, JiraError, NotFound, Unauthorized, as_jira_error
from .._client.jira import Jira
from .._client.outcome import Outcome
from .._model.link import LinkType
from .._model.options import near, with_ids
from .._plan.link_types import changed_words
from .links import explain

_HIDDEN = (NotFound, Forbidden, Unauthorized)
"""How a missing permission is answered: the first in practice, the others by the documents."""


def preflight(jira: Jira) -> list[JiraError]:
    """Why Jira would refuse any change of link types, as far as that can be known without writing."""
    try:
        if jira.may_administer():
            return []
    except JiraError as error:
        return [error]
    return [
        Forbidden(
            "This account may not change issue link types: that needs the global permission Administer Jira. "
            "Use an account that has it."
        )
    ]


def save(before: LinkType | None, after: LinkType, jira: Jira) -> Outcome[LinkType | None]:
    """Make a link type, or change what differs.

    :returns: the type as Jira has it now.
    """
    try:
        return Outcome(_saved(before, after, jira))
    except BaseException as raised:
        return Outcome(before, as_jira_error(raised))


def _saved(before: LinkType | None, after: LinkType, jira: Jira) -> LinkType:
    def read_back() -> LinkType | None:
        return next((each for each in jira.reread_link_types() if each == after._replace(id=after.id or each.id)), None)

    try:
        if before:
            return jira.update_link_type(before, changed_words(before, after), read_back)
        return jira.create_link_type(after, read_back)
    except BadRequest as error:
        made = None if before else read_back()  # another run may have made the same at the same moment
        if made:
            return made
        raise _explained_by_name(error, before, after, jira) from None
    except _HIDDEN as error:
        raise explain(error, jira, lambda: preflight(jira)) from None


def remove(link_type: LinkType, jira: Jira) -> Outcome[LinkType | None]:
    """Remove a link type, and with it its links. That it is gone already is no error.

    :returns: what is left: nothing, or the type.
    """
    try:
        _remove(link_type, jira)
        return Outcome(None)
    except BaseException as raised:
        return Outcome(link_type, as_jira_error(raised))


def _remove(link_type: LinkType, jira: Jira) -> None:
    try:
        jira.delete_link_type(link_type)
    except _HIDDEN as error:
        raise explain(error, jira, lambda: preflight(jira)) from None


def _explained_by_name(refusal: JiraError, before: LinkType | None, after: LinkType, jira: Jira) -> JiraError:
    """The refusal of a name that another link type got between reading the types and writing, with that type named."""
    holders = [each for each in near(jira.reread_link_types(), str(after.name)) if not before or each.id != before.id]
    if not holders:
        return refusal
    return refusal.explained(f"The name {after.name!r} is in use by now, by {with_ids(holders)}. Run it again.")
