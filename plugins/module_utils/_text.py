# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words: Jira's text made safe to print, and lists that a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from posixpath import commonprefix
from unicodedata import normalize

_MOST_NAMED = 100  # in one message


def printable(text: object) -> str:
    """Text that came from Jira, with every character a terminal would obey replaced."""
    words = str(text)
    if words.isprintable():
        return words
    return "".join(char if char.isprintable() else " " if char.isspace() else "\ufffd" for char in words)


@lru_cache(maxsize=1000)  # a set of thousands of links says the same few phrases
def folded(text: str) -> str:
    """The text as names and phrases are compared: case, space, and how an accent is written do not count."""
    return " ".join(normalize("NFC", text).split()).casefold()


def nearest_first(word: str, choices: Iterable[str]) -> list[str]:
    """The choices, without repeats, the most similar to word first."""
    from difflib import SequenceMatcher  # late: only a mistake needs it, and every module would pay for it

    wanted = folded(word)
    return sorted(dict.fromkeys(choices), key=lambda choice: -SequenceMatcher(None, wanted, folded(choice)).ratio())


def misspelt(word: str, choices: Iterable[str]) -> str:
    """``linked_isue (perhaps linked_issue is meant)``: a word that is none of the choices, and the one that is near."""
    from difflib import get_close_matches  # late, as above

    near = get_close_matches(word, list(choices), 1, cutoff=0.75) or [
        each for each in choices if word in each.split("_")
    ]
    return printable(word) + (f" (perhaps {' or '.join(near)} is meant)" if near else "")


def one_slip(word: str, other: str) -> bool:
    """Whether one letter added, dropped or changed, or two neighbours swapped, make one word of the other."""
    start = len(commonprefix([word, other]))
    word, other = word[start:], other[start:]
    end = len(commonprefix([word[::-1], other[::-1]]))
    word, other = word[: len(word) - end], other[: len(other) - end]
    swapped = len(word) == 2 and word == other[::-1]
    return swapped or max(len(word), len(other)) == 1


def counted(number: int, noun: str) -> str:
    """``1 link``, ``1,000 links``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def in_short(texts: Sequence[str], more: str = "{:,} more", most: int = _MOST_NAMED) -> list[str]:
    """The first of some texts, and how many there are more."""
    left = len(texts) - most
    return [*texts[:most], more.format(left)] if left > 0 else list(texts)


def listed(words: Iterable[str]) -> str:
    """``a, b and c``; of more than a hundred, the first ones and how many there are more."""
    *most, last = in_short(list(words)) or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last
