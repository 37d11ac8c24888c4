# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Link types written. Jira answers 404 to whoever is no administrator."""

from __future__ import annotations

from .._apply.links import explained_by
from .._client.errors import BadRequest, Forbidden, JiraError, NotFound, Unauthorized
from .._client.jira import Jira
from .._model.link import LinkType
from .._model.options import near, with_ids
from .._plan.link_types import changed_words

_HIDDEN = (NotFound, Forbidden, Unauthorized)
"""How a missing permission is answered: the first in practice, the others by the documents."""


def require_administrator(jira: Jira) -> None:
    """:raises Forbidden: this account may not change link types."""
    if not jira.may_administer():
        raise Forbidden(
            "This account may not change issue link types: that needs the global permission Administer Jira. "
            "Use an account that has it."
        )


def save(before: LinkType | None, after: LinkType, jira: Jira) -> LinkType:
    """Make a type, or change what differs.

    :returns: the type as Jira has it now.
    """

    def there() -> LinkType | None:
        jira.forget_link_types()
        return next((kind for kind in jira.link_types if kind._replace(id=None) == after._replace(id=None)), None)

    try:
        if before:
            return jira.update_link_type(before, changed_words(before, after))
        return jira.create_link_type(after, settled=there)
    except BadRequest as error:
        made = None if before else there()  # another run may have made the same at the same moment
        if made:
            return made
        raise _explained_by_name(error, before, after, jira) from None
    except _HIDDEN as error:
        raise explained_by(error, jira, lambda: require_administrator(jira)) from None


def remove(kind: LinkType, jira: Jira) -> None:
    """Remove a type, and with it its links. One that is gone by now is what was wanted."""
    try:
        jira.delete_link_type(kind)
    except _HIDDEN as error:
        if isinstance(error, NotFound) and kind.id not in {each.id for each in jira.link_types}:
            return
        raise explained_by(error, jira, lambda: require_administrator(jira)) from None


def _explained_by_name(refusal: JiraError, before: LinkType | None, after: LinkType, jira: Jira) -> JiraError:
    """Jira allows a name once. Where it was free a moment ago, somebody else has made or renamed a type."""
    jira.forget_link_types()
    holders = [kind for kind in near(jira.link_types, str(after.name)) if not before or kind.id != before.id]
    if not holders:
        return refusal
    return refusal.explained(f"The name {after.name!r} is in use by now, by {with_ids(holders)}. Run it again.")
