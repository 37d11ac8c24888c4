# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Pythons of this machine: pyenv's, and those on PATH. Run as a program, it prints their folders as a PATH.

pyenv's own come first, because its shims on PATH are there for versions that are not in use, too, and fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


def folders() -> list[str]:
    path = os.environ["PATH"].split(os.pathsep)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    roots = {pyenv, *(Path(folder).parent for folder in path if folder.endswith("/shims"))}
    return [*(str(folder) for root in roots for folder in sorted(root.glob("versions/*/bin"))), *path]


def interpreters(version: str) -> Iterator[str]:
    """Every Python of this version, such as 3.9, that can make virtual environments."""
    for folder in folders():
        python = shutil.which(f"python{version}", path=folder)
        if python:
            ran = subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False)
            if ran.returncode == 0:
                yield python


if __name__ == "__main__":
    print(os.pathsep.join(folders()))
