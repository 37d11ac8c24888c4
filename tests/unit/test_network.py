# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network around a login: netrc, proxies, certificates."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import trustme
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import NoAnswer
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link
from cryptography.hazmat.primitives import serialization

from tests.local_jira import LocalJira, running
from tests.unit.raw_server import RawServer, raw_server
from tests.unit.tasks import Tasks

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
PUBLIC = {"link_type": "Blocks", "inward_issue": "PUB-1", "outward_issue": "PUB-2"}
BLOCKS = ("APP-7", "Blocks", "REL-1")
ANONYMOUS = {"username": None, "password": None, "token": None}


# --- netrc and proxies


@pytest.mark.fact("anonymous")
@pytest.mark.parametrize("where", ["~/.netrc", "~/_netrc", "NETRC"])
def test_netrc_is_never_used(
    site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str
) -> None:
    path = tmp_path / where.removeprefix("~/")
    path.write_text("machine 127.0.0.1 login demo@example.com password demo-token\n")
    path.chmod(0o600)
    if where == "NETRC":
        monkeypatch.setenv("NETRC", str(path))
    site.reset([("PUB-1", "Blocks", "PUB-2")])
    task(jira_issue_link, site, **PUBLIC, **ANONYMOUS)
    assert {sent.authorization for sent in task.sent} == {None}
    task(jira_issue_link, site, **REST)
    assert site.accounts() == {"anonymous", "demo"}


class Proxy(NamedTuple):
    url: str
    asked: list[str]


@pytest.fixture
def proxy(site: LocalJira) -> Iterator[Proxy]:
    """Forwards every request to the sandbox, whatever host it names."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def forward(self) -> None:
            asked.append(f"{self.command} {self.path}")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
            target = urlsplit(self.path)
            connection.request(self.command, f"{target.path}?{target.query}", body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name in ("Content-Type", "Location"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_GET = do_POST = do_DELETE = forward  # noqa: N815

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Proxy(f"http://127.0.0.1:{server.server_port}", asked)
    server.shutdown()
    server.server_close()


@pytest.mark.fact("proxies", "as in any HTTPS client")
@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_the_proxy_of_the_environment(
    site: LocalJira, task: Tasks, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, proxy.url)
    result, warnings = task(jira_issue_link, site, **REST, url="http://jira.example.com")
    assert result["changed"] and site.links() == [BLOCKS]
    assert len(proxy.asked) == len(site.requests())
    assert all(urlsplit(each.split()[1]).netloc == "jira.example.com" for each in proxy.asked)
    assert len(warnings) == 1 and "jira.example.com" in warnings[0]  # plain http, and not this machine


@pytest.mark.fact("proxies")
def test_no_proxy(site: LocalJira, task: Tasks, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert task(jira_issue_link, site, **REST).result["changed"]
    assert proxy.asked == []


def test_the_password_of_a_proxy_is_not_shown(site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://someone:wrong-secret@127.0.0.1:1")
    result = task(jira_issue_link, site, **REST).result
    assert result["failed"] and "proxy" in result["msg"].lower()


# --- TLS


class Pki(NamedTuple):
    folder: Path
    ca: str
    cert: str
    key: str
    both: str
    other_ca: str


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """A private authority, its server certificate and a client's, and an authority that has nothing to do with it."""
    folder, authority, other = tmp_path_factory.mktemp("pki"), trustme.CA(), trustme.CA()
    server, client = authority.issue_cert("127.0.0.1"), authority.issue_cert("demo@example.com")
    server.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    other.cert_pem.write_to_path(folder / "other.pem")
    client.private_key_pem.write_to_path(folder / "client.key")
    client.cert_chain_pems[0].write_to_path(folder / "client.pem")
    client.private_key_and_cert_chain_pem.write_to_path(folder / "both.pem")
    names = ("ca.pem", "client.pem", "client.key", "both.pem", "other.pem")
    return Pki(folder, *(str(folder / name) for name in names))


@pytest.fixture(scope="module")
def https(pki: Pki) -> Iterator[LocalJira]:
    with running("data_center", pki.folder, "--tls-cert", str(pki.folder / "server.pem"), verify=pki.ca) as site:
        yield site


@pytest.fixture(scope="module")
def mutual(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalJira]:
    options = ["--tls-cert", str(pki.folder / "server.pem"), "--tls-client-ca", pki.ca]
    with running("data_center", tmp_path_factory.mktemp("mutual"), *options, verify=pki.ca, cert=pki.both) as site:
        yield site


@pytest.mark.fact("private CA", "as in any HTTPS client")
def test_a_private_authority(https: LocalJira, task: Tasks, pki: Pki) -> None:
    https.reset()
    assert task(jira_issue_link, https, **REST, ca_path=pki.ca).result["changed"]


@pytest.mark.fact("private CA")
@pytest.mark.parametrize("name", ["ca_path", "nothing", "client_cert"])
def test_a_certificate_that_is_not_trusted(https: LocalJira, task: Tasks, pki: Pki, name: str) -> None:
    options = {"ca_path": {"ca_path": pki.other_ca}, "client_cert": {"client_cert": pki.both}}.get(name, {})
    result = task(jira_issue_link, https, **REST, **options).result
    assert result["failed"] and "certificate verify failed" in result["msg"] and "ca_path" in result["msg"]
    assert (result["status"], task.pauses) == (None, [])


@pytest.mark.fact("private CA")
def test_the_authorities_of_the_environment(
    https: LocalJira, task: Tasks, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    https.reset()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", pki.ca)
    assert task(jira_issue_link, https, **REST).result["changed"]
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", pki.other_ca)
    assert not task(jira_issue_link, https, **REST, ca_path=pki.ca).result.get("failed")


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_without_a_check_of_certificates(
    https: LocalJira, task: Tasks, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    https.reset()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", pki.other_ca)
    assert task(jira_issue_link, https, **REST, validate_certs=False).result["changed"]
    assert not task(jira_issue_link, https, **REST, validate_certs=False, ca_path=pki.other_ca).result.get("failed")


@pytest.mark.fact("client certificates", "as in any HTTPS client")
@pytest.mark.parametrize("files", ["two", "one"])
def test_a_client_certificate(mutual: LocalJira, task: Tasks, pki: Pki, files: str) -> None:
    mutual.reset()
    pair = {"client_cert": pki.cert, "client_key": pki.key} if files == "two" else {"client_cert": pki.both}
    assert task(jira_issue_link, mutual, **REST, ca_path=pki.ca, **pair).result["changed"]


@pytest.mark.fact("client certificates")
def test_no_client_certificate(mutual: LocalJira, task: Tasks, pki: Pki) -> None:
    result = task(jira_issue_link, mutual, **REST, ca_path=pki.ca).result
    assert result["failed"] and "did not answer" in result["msg"] and "certificate" in result["msg"]


@pytest.mark.parametrize("name", ["ca_path", "client_cert", "client_key"])
def test_certificate_files_that_are_not_there(https: LocalJira, task: Tasks, pki: Pki, name: str) -> None:
    options = {"ca_path": pki.ca, "client_cert": pki.cert, "client_key": pki.key, name: "/nowhere/x.pem"}
    result = task(jira_issue_link, https, **REST, **options).result
    assert result["failed"] and "/nowhere/x.pem" in result["msg"]


def test_a_file_that_is_no_certificate(https: LocalJira, task: Tasks, pki: Pki) -> None:
    broken = pki.folder / "broken.pem"
    broken.write_text("nonsense")
    for options in ({"ca_path": str(broken)}, {"ca_path": pki.ca, "client_cert": str(broken)}):
        result = task(jira_issue_link, https, **REST, **options).result
        assert result["failed"] and "did not answer" in result["msg"]


@pytest.fixture(scope="module")
def encrypted(pki: Pki) -> dict[str, str]:
    """The client's key with a passphrase, in both formats there are, and together with its certificate."""
    pem = Path(pki.key).read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    kinds = {"new": serialization.PrivateFormat.PKCS8, "old": serialization.PrivateFormat.TraditionalOpenSSL}
    paths = {}
    for name, kind in kinds.items():
        locked = key.private_bytes(
            serialization.Encoding.PEM, kind, serialization.BestAvailableEncryption(b"passphrase")
        )
        (pki.folder / f"{name}.key").write_bytes(locked)
        (pki.folder / f"{name}.both").write_bytes(locked + Path(pki.cert).read_bytes())
        paths.update({name: str(pki.folder / f"{name}.key"), f"{name} both": str(pki.folder / f"{name}.both")})
    return paths


@pytest.mark.parametrize("kind", ["new", "old", "new both", "old both"])
def test_a_key_that_is_encrypted(
    mutual: LocalJira, task: Tasks, pki: Pki, encrypted: dict[str, str], kind: str
) -> None:
    """OpenSSL would ask for the passphrase at the terminal."""
    file = encrypted[kind]
    options = {"client_cert": file} if "both" in kind else {"client_cert": pki.cert, "client_key": file}
    result = task(jira_issue_link, mutual, **REST, ca_path=pki.ca, **options).result
    assert result["failed"] and f"The key in {file} is encrypted" in result["msg"] and task.sent == []


# --- bounds, whatever lies between


def endless(request: str) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"
    while True:
        time.sleep(0.02)
        yield b" "


CUT = (b"HTTP/1.1 204 No Content\r\nX-More: 1\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")


@pytest.fixture
def secure(pki: Pki) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pki.folder / "server.pem")
    with raw_server(context) as server:
        yield server


def test_an_endless_answer_over_tls(secure: RawServer, pki: Pki) -> None:
    secure.answer = endless
    started = time.monotonic()
    with pytest.raises(NoAnswer, match="or not all of it within 1"):
        secure.http(timeout=0.2, ca_path=pki.ca).request("GET", "/x")
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("cut", CUT)
def test_a_cut_answer_over_tls(secure: RawServer, pki: Pki, cut: bytes) -> None:
    secure.always(cut)
    with pytest.raises(NoAnswer, match="may have been done all the same"):
        secure.http(ca_path=pki.ca).request("DELETE", "/x", writes=True)


@pytest.mark.parametrize("cut", CUT)
def test_bounds_hold_behind_a_proxy(raw: RawServer, monkeypatch: pytest.MonkeyPatch, cut: bytes) -> None:
    monkeypatch.setenv("HTTP_PROXY", raw.url)
    http = raw.http(url="http://jira.example.com", timeout=0.2)
    raw.answer = endless
    with pytest.raises(NoAnswer, match="or not all of it within 1"):
        http.request("GET", "/x")
    raw.always(cut)
    with pytest.raises(NoAnswer, match="may have been done all the same"):
        http.request("DELETE", "/x", writes=True)


@pytest.mark.parametrize("line", [b"", b"X: y\r\n"], ids=["status", "headers"])
def test_a_proxy_that_never_lets_through(raw: RawServer, monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    monkeypatch.setenv("HTTPS_PROXY", raw.url)

    def endless_consent(request: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n" if line else b""
        while True:
            time.sleep(0.02)
            yield line or b"H"

    raw.answer = endless_consent
    started = time.monotonic()
    with pytest.raises(NoAnswer):
        raw.http(url="https://jira.example.com", timeout=0.2).request("GET", "/x")
    assert time.monotonic() - started < 4
