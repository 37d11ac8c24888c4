# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: starting, stopping, HTTPS, and what is said about mistakes."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme

from tests.local_jira import CHECKOUT, SANDBOX, sandbox, wait_for_state
from tests.sandbox.rest_jira import DEMO


def run(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=SANDBOX,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done


def get(url: str, **options: Any) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=5, **options)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_state_file_line_and_orderly_stop(tmp_path: Path, number: signal.Signals) -> None:
    with sandbox(tmp_path / "state.json", "--deployment", "data_center", "--context-path", "jira") as (process, state):
        assert {"url", "port", "pid", "deployment"} <= set(state)
        assert state["url"] == f"http://127.0.0.1:{state['port']}/jira" and state["pid"] == process.pid
        with requests.Session() as idle:  # a kept-alive connection must not delay the stop
            idle.get(f"{state['url']}/rest/api/2/serverInfo", timeout=5)
            process.send_signal(number)
            output, errors = process.communicate(timeout=5)
        assert (process.returncode, errors) == (0, "")
        assert output == f"Sandbox Jira (data_center) at {state['url']}\n"
    assert not (tmp_path / "state.json").exists()


@pytest.mark.skipif(
    not shutil.which("make") or not (CHECKOUT / ".venv/run").exists(), reason="make sandbox needs make and .venv"
)
def test_make_sandbox(tmp_path: Path) -> None:
    arguments = f"--deployment data_center --state-file {tmp_path / 'state.json'}"
    make = [
        "make",
        "--old-file=.venv/run",
        "sandbox",
        "PORT=0",
        f"ARGS={arguments}",
    ]  # what is installed stays as it is
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # make may run the tests
    process = subprocess.Popen(make, cwd=CHECKOUT, env=ours, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    state = wait_for_state(process, tmp_path / "state.json")
    os.kill(state["pid"], signal.SIGINT)
    output, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")
    assert output == f"Sandbox Jira (data_center) at {state['url']}\n"


def test_the_log_holds_no_secret(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with sandbox(tmp_path / "state.json", "--log", str(log)) as (_process, state):
        url = f"{state['url']}/rest/api/3/issue/REL-1?fields=summary"
        requests.get(url, auth=DEMO, timeout=5)
        requests.post(f"{state['url']}/oauth/token", json={"client_secret": "hush"}, timeout=5)
    first, second = log.read_text(encoding="utf-8").splitlines()
    assert first.endswith("GET /rest/api/3/issue/REL-1?fields=summary 200")
    assert second.endswith("POST /oauth/token 400")
    assert "hush" not in second and "Basic" not in first


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "0.0.0.0"], "no loopback address"),
        (["--port", "70000"], "no port"),
        (["--deployment", "server"], "invalid choice"),
        (["--seed", "/does/not/exist.json"], "cannot read the seed"),
        (["--seed", __file__], "is not JSON"),
        (["--tls-key", "x"], "need --tls-cert"),
        (["--tls-cert", "/does/not/exist.pem"], "cannot use the certificates"),
        (["--log", "/does/not/exist/log"], "cannot write the log"),
        (["--state-file", "/does/not/exist/state"], "cannot write the state file"),
        (["--detach"], "need a --state-file"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_mistakes_are_explained_in_a_line(arguments: list[str], words: str) -> None:
    errors = run("--port", "0", *arguments, status=2).stderr.strip().splitlines()
    assert words in errors[-1]


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert "Address already in use" in run("--port", port, status=2).stderr
        background = ("--detach", "--state-file", str(tmp_path / "s"), "--log", str(tmp_path / "log"))
        assert "Address already in use" in run("--port", port, *background, status=2).stderr


def test_start_and_stop_in_the_background_twice(tmp_path: Path) -> None:
    place = ("--state-file", str(tmp_path / "folder" / "s"), "--log", str(tmp_path / "folder" / "log"))

    def call(*arguments: str) -> dict[str, Any]:
        result: dict[str, Any] = json.loads(run(*arguments, *place).stdout)
        return result

    assert call("--detach", "--dry-run") == {"changed": True}
    first = call("--detach")
    try:
        assert call("--detach") == {**first, "changed": False}
        assert call("--detach", "--dry-run", "--limits") == {"changed": True}
        second = call("--detach", "--deployment", "data_center")
        assert second["changed"] and second["pid"] != first["pid"]
        assert get(f"{second['url']}/rest/api/2/serverInfo").json()["deploymentType"] == "Server"
        assert call("--stop", "--dry-run") == {"changed": True}
    finally:
        stopped = call("--stop")
    assert stopped == {"changed": True} and call("--stop") == {"changed": False}
    assert "Sandbox Jira (cloud)" in (tmp_path / "folder" / "log").read_text(encoding="utf-8")


def stopped(state_file: Path) -> bool:
    result: dict[str, bool] = json.loads(run("--stop", "--state-file", str(state_file)).stdout)
    return result["changed"]


@contextlib.contextmanager
def somebody(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that sleeps. `arguments` are those that it seems to have been started with."""
    code = "import sys, time; print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_process_that_got_its_number_is_left_alone(tmp_path: Path, scheme: str) -> None:
    """Even if it was started like a sandbox, and even if another sandbox answers at the address."""
    state_file = tmp_path / "state.json"
    with sandbox(tmp_path / "other.json") as (other, state), somebody("-m", "sandbox", str(state_file)) as process:
        for pid in (process.pid, other.pid, os.getpid()):
            url = f"{scheme}://127.0.0.1:{state['port']}"
            state_file.write_text(json.dumps({**state, "url": url, "pid": pid}), encoding="utf-8")
            assert not stopped(state_file)
        assert (process.poll(), other.poll()) == (None, None)


def test_a_copy_of_a_state_file_stops_nothing(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state.json") as (process, _state):
        shutil.copy(tmp_path / "state.json", tmp_path / "copy.json")
        assert not stopped(tmp_path / "copy.json") and process.poll() is None
        assert stopped(tmp_path / "state.json") and process.wait(10) == 0


def test_one_that_ignores_the_signal_is_killed_and_one_that_was_replaced_leaves_the_file(tmp_path: Path) -> None:
    state_file = tmp_path / "state.json"
    with sandbox(state_file) as (first, _state):
        state_file.unlink()
        with sandbox(state_file) as (second, state):
            assert state["pid"] == second.pid
            first.terminate()
            first.communicate(timeout=10)
            assert json.loads(state_file.read_text(encoding="utf-8")) == state
            second.send_signal(signal.SIGSTOP)  # it hears no other signal but one
            assert stopped(state_file) and second.wait(1) == -signal.SIGKILL


@pytest.mark.parametrize("text", ["{}", "[]", '{"url": 5}', "{", '{"url": "http://[", "pid": 1}'])
def test_another_file_is_no_state_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text, encoding="utf-8")
    assert not stopped(tmp_path / "state.json")
    assert (tmp_path / "state.json").read_text(encoding="utf-8") == text


def test_a_state_file_left_behind_is_no_running_sandbox(tmp_path: Path) -> None:
    state_file = tmp_path / "state.json"
    with sandbox(state_file) as (process, state):
        process.kill()
        process.wait()
    assert state_file.exists() and not stopped(state_file)
    place = ("--state-file", str(state_file), "--log", str(tmp_path / "log"))
    again = json.loads(run("--detach", *place).stdout)
    assert again["changed"] and again["pid"] != state["pid"]
    assert stopped(state_file) and not state_file.exists()


def test_https_and_client_certificates(tmp_path: Path) -> None:
    authority = trustme.CA()
    server, client = authority.issue_cert("127.0.0.1"), authority.issue_cert("me@example.com")
    paths = {name: str(tmp_path / name) for name in ("ca", "server", "client")}
    authority.cert_pem.write_to_path(paths["ca"])
    server.private_key_and_cert_chain_pem.write_to_path(paths["server"])
    client.private_key_and_cert_chain_pem.write_to_path(paths["client"])
    with sandbox(tmp_path / "state.json", "--tls-cert", paths["server"], "--tls-client-ca", paths["ca"]) as (
        _process,
        state,
    ):
        url = f"{state['url']}/rest/api/3/serverInfo"
        assert url.startswith("https://")
        answer = get(url, verify=paths["ca"], cert=paths["client"])
        assert answer.json()["baseUrl"] == state["url"]
        with pytest.raises(requests.ConnectionError):
            get(url, verify=paths["ca"])
