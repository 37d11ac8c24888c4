# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks the facts, one after the other, in the order of their sections, each on issues without links."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.live.fact import FACTS, Fact
from tests.live.facts import comments, links, login, reading, refusals, remote_links
from tests.live.reasons import NotAsked, Reason
from tests.live.report import Result, judged, not_asked
from tests.live.scratch import Scratch, Unexpected

MODULES = (links, refusals, comments, reading, remote_links, login)
"""Where the facts are; importing them has filled FACTS."""


def ask_all(three: Scratch, show: Callable[[str], None]) -> Iterator[Result]:
    for fact in sorted(FACTS.values(), key=lambda fact: fact.section):
        result = ask(fact, three)
        show(f"{result.verdict:<10} {fact.says}: {result.seen}")
        yield result


def ask(fact: Fact, three: Scratch) -> Result:
    """Put one fact to the site, and remove what that wrote."""
    expected = fact.cloud if three.site.cloud else fact.data_center
    if expected is None:
        return not_asked(fact, Reason.OTHER_DEPLOYMENT)
    if fact.comments and three.no_comments:
        return not_asked(fact, three.no_comments)
    try:
        seen = fact.ask(three)
    except NotAsked as error:
        return not_asked(fact, error.reason)
    except Unexpected as error:
        seen = f"{refusals.told(three, error.answer)} where it was prepared"
    except (KeyError, IndexError, TypeError, AttributeError):
        seen = "an answer of another shape"
    three.clear()
    return judged(fact, expected, seen)
