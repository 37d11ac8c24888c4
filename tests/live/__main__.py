# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make live`: asks a real Jira how its links behave, on three scratch issues, and says where that differs.

Exit status: 0 if nothing differs, 1 if something does or something is left behind, 2 if nothing was begun, and 128 and
the number of the signal after Ctrl-C or a kill.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.live.ask import ask_all
from tests.live.preflight import Look, Refused, look, settings
from tests.live.removing import COMMENTS, KINDS, LINKS, Written, remove_all
from tests.live.report import DIFFERS, Report, forget, report, table, write
from tests.live.scratch import JOURNAL_LEFT, Scratch
from tests.live.site import Site, SiteError, Stopped, on_this_machine
from tests.live.words import one_line, printable

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FORM = "https://github.com/linkops/jira/issues/new?template=live-report.yml"
IN_DOUBT = 10.0  # seconds to wait before cleaning up, where a write got no answer


def say(*lines: str) -> None:
    """Print, whatever Jira's words in it are. A terminal that is gone keeps nothing from being removed."""
    with contextlib.suppress(OSError):
        print(printable("\n".join(lines)), flush=True)


def main() -> int:
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        asked = settings(os.environ)
        site = Site(asked.url, asked.authorization)
        found = look(site, asked)
    except (Refused, SiteError) as error:
        say(f"make live: {one_line(str(error))}. Nothing was written.")
        return 2
    except KeyboardInterrupt:
        say("Nothing was written.")
        return 128 + signal.SIGINT
    if found.left.named():
        say("An earlier run on these issues was killed, or is still at work. What it has made is removed first:")
        say(*found.left.named(), "")
    say(found.announcement())
    if sys.stdin.isatty():
        try:
            answer = input("Begin? Enter for yes, Ctrl-C for no. ")
        except (KeyboardInterrupt, EOFError):
            answer = "no"
        if answer.strip().lower() not in ("", "y", "yes"):
            say("Nothing was written.")
            return 2
    return _run(found)


def _run(found: Look) -> int:
    three, made, ended = found.scratch, None, 1
    forget(Path.cwd())
    with signals(three.site) as received:
        try:
            _remove_left(found)
            three.begin()
            made = _asked(three)
        except Stopped:
            ended = 128 + received[0]
        except SiteError as error:
            say(f"The run ends early: {one_line(str(error))}.")
        finally:
            left = _cleaned_up(three)
    if made:
        write(made, Path.cwd())
    _show(three, made)
    say(_closing(three, left))
    if made is None:
        return ended
    if received:
        return 128 + received[0]
    return 1 if made.differences() or not _is_clean(left) else 0


def _remove_left(found: Look) -> None:
    """What an earlier run has left. Raises SiteError where it cannot be removed."""
    if not found.marks:
        return
    try:
        left = remove_all(found.scratch.site, found.scratch.issues, found.marks)
        if not _is_clean(left):
            raise SiteError(f"it cannot be removed: {', '.join(left.named())}")
    except (Stopped, SiteError):
        say("What the earlier run has made may still be there.")
        raise


@contextlib.contextmanager
def signals(site: Site) -> Iterator[list[int]]:
    """While this lasts, a signal stops the run before its next request. Yields the numbers of those that came."""
    received: list[int] = []

    def receive(number: int, _frame: Any) -> None:
        received.append(number)
        site.stop.set()
        with contextlib.suppress(OSError):  # print may not be called here: it may be at work already
            os.write(2, b"\nStopping: what was made is removed.\n")

    before = {number: signal.signal(number, receive) for number in SIGNALS}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _asked(three: Scratch) -> Report:
    results = list(ask_all(three, say))
    deployment = "cloud" if three.site.cloud else "data_center"
    here = on_this_machine(three.site.url)
    return report(deployment, three.site.version, here, results, three.site.calls, three.lags)


def _cleaned_up(three: Scratch) -> Written | None:
    """Remove what this run wrote, whatever signals come. What is left of it, or None where that is not known."""
    three.site.deaf = True
    skipped = {*([COMMENTS] if three.no_comments else []), *([] if three.alone else [LINKS])}
    kinds = [kind for kind in KINDS if kind not in skipped]
    try:
        if three.site.unanswered:
            say(f"A write got no clear answer, and may yet be done. Waiting {IN_DOUBT:.0f} seconds for it.")
            three.site.pause(IN_DOUBT)
        left = remove_all(three.site, three.issues, {three.mark}, kinds)
    except SiteError as error:
        say(f"It is not known whether everything was removed: {one_line(str(error))}.")
        say(
            "Run it again with the same LIVE_ISSUES: that removes what this run has made. If one of the issues is gone,"
        )
        say(f"remove by hand what is left: {JOURNAL_LEFT}.")
        return None
    if left.named():
        say("This could not be removed:", *left.named())
    return left


def _is_clean(left: Written | None) -> bool:
    """Whether all is gone, but for comments that must stay."""
    return left is not None and not left.links and not left.remote_links


def _closing(three: Scratch, left: Written | None) -> str:
    """What is known of what this run made."""
    if left is None or not _is_clean(left):
        return "It is not sure that nothing is left on the issues: see above."
    if three.site.unanswered:
        return "All that was found was removed. Look at the issues once more: a write without an answer can come late."
    return f"Everything that this run made was removed{', but for the comments above' if left.comments else ''}."


def _show(three: Scratch, made: Report | None) -> None:
    """The table and its numbers. The words also of a run that ended early."""
    if made:
        rows: Iterable[Iterable[str]] = (
            (each.fact.says, " or: ".join(each.expected), each.seen, each.verdict)
            for each in sorted(made.results, key=lambda each: each.verdict == DIFFERS)
        )
        say("", *table(("fact", "expected", "seen", "verdict"), rows), "")
    if three.unknown_words:
        say("Words that are not known, which no report holds:", *sorted(set(three.unknown_words)), "")
    if made:
        say(f"{made.summary}. live-report.json and live-report.md hold no name of yours.")
    if made and made.differences():
        say(f"Please tell us, and attach live-report.json: {FORM}")


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(f"{__doc__}\nIt takes no arguments, but variables: see docs/live.md.")
    sys.exit(main())
