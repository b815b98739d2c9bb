# SPDX-License-Identifier: MPL-2.0
"""Our programs as clients of other people's servers: the ClientHello that a phone's part sends, read
octet by octet, and servers that never come to an end."""

import collections
import contextlib
import pathlib
import socket
import ssl
import struct
import subprocess
import time

import pytest

import certificates
from kea import BUILD
from lab import PATH, POOL, site_records, unbound
from loopback import free_port
from probe import PROBE
from servers import TcpServer

CA = BUILD / "ucprov-ca"

# ClientHellos (RFC 5246 7.4.1.2, RFC 6066 3, RFC 8446 4.2.1)

HANDSHAKE, CLIENT_HELLO = 22, 1
SERVER_NAME, ALPN, SUPPORTED_VERSIONS = 0, 16, 43
TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 = range(0x0301, 0x0305)
# AES-CBC-SHA with RSA, DHE-RSA and ECDHE-RSA (RFC 3268, RFC 4492), and RFC 5746's signal.
PHONE_SUITES = {0x002f, 0x0035, 0x0033, 0x0039, 0xc013, 0xc014, 0x00ff}

Hello = collections.namedtuple("Hello", "record_version version suites extensions")


class Reader:
    def __init__(self, octets):
        self.octets = octets

    def take(self, length):
        assert length <= len(self.octets)
        taken, self.octets = self.octets[:length], self.octets[length:]
        return taken

    def number(self, length):
        return int.from_bytes(self.take(length), "big")

    def vector(self, length):
        return Reader(self.take(self.number(length)))

    def numbers(self, length):
        while self.octets:
            yield self.number(length)


def parse_hello(octets):
    """One record that is one ClientHello, and nothing else."""
    record = Reader(octets)
    assert record.number(1) == HANDSHAKE
    record_version = record.number(2)
    message = record.vector(2)
    assert not record.octets and message.number(1) == CLIENT_HELLO
    hello = message.vector(3)
    assert not message.octets
    version = hello.number(2)
    hello.take(32)
    hello.vector(1)  # session ID
    suites = list(hello.vector(2).numbers(2))
    assert hello.vector(1).octets == b"\0"  # compression: none
    extensions = {}
    if hello.octets:
        rest = hello.vector(2)
        while rest.octets:
            number = rest.number(2)
            extensions[number] = rest.vector(2).octets
    assert not hello.octets
    return Hello(record_version, version, suites, extensions)


def server_name(hello):
    """SNI; None: there is none."""
    if SERVER_NAME not in hello.extensions:
        return None
    entry = Reader(hello.extensions[SERVER_NAME]).vector(2)
    assert entry.number(1) == 0
    return entry.vector(2).octets.decode()


def versions(hello):
    """What is offered, the best first."""
    if SUPPORTED_VERSIONS in hello.extensions:
        return list(Reader(hello.extensions[SUPPORTED_VERSIONS]).vector(1).numbers(2))
    return [hello.version]


def assert_modern(hello, name):
    assert versions(hello) == [TLS_1_3, TLS_1_2]
    assert server_name(hello) == name and ALPN not in hello.extensions


def assert_phone(hello):
    """TLS 1.0 and no more, no name, nothing that a phone does not know."""
    assert hello.record_version == hello.version == TLS_1_0
    assert set(hello.suites) == PHONE_SUITES
    assert server_name(hello) is None
    assert SUPPORTED_VERSIONS not in hello.extensions and ALPN not in hello.extensions


class HelloServer(TcpServer):
    """Keeps the ClientHellos of its clients, and hangs up."""

    def __init__(self):
        super().__init__(self._keep)
        self.hellos = []

    def _keep(self, connection):
        octets = connection.recv(5, socket.MSG_WAITALL)
        octets += connection.recv(struct.unpack("!3xH", octets)[0], socket.MSG_WAITALL)
        self.hellos.append(parse_hello(octets))


@pytest.fixture(scope="module", name="root")
def fixture_root(tmp_path_factory):
    return certificates.Authority(tmp_path_factory.mktemp("clients"), "Contoso Root CA")


def probe_command(directory, steps, **ports):
    """The probe's command line, and the resolver that it needs."""
    dns = free_port()
    numbers = {name: free_port() for name in ("http", "https", "update", "registrar")} | ports
    command = [PROBE, "--steps", steps, "--domain", "contoso.com", "--resolver",
               f"127.0.0.1#{dns}", "--url", f"https://{POOL}{PATH}", "--sip-server", POOL,
               "--timeout", "2"]
    for name, number in numbers.items():
        command += [f"--{name}-port", number]
    return [*map(str, command)], unbound(directory / "unbound", port=dns,
                                         records=site_records("127.0.0.1"))


def test_probe_says_hello_as_a_phone(tmp_path):
    with HelloServer() as web, HelloServer() as update, HelloServer() as registrar:
        command, resolver = probe_command(tmp_path, "update,chain,sign-in", https=web.port,
                                          update=update.port, registrar=registrar.port)
        with resolver:
            done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    # Before and after the root is known; the registrar once.
    assert (len(update.hellos), len(registrar.hellos)) == (2, 1)
    for hello in [*update.hellos, *registrar.hellos]:
        assert_phone(hello)
    phone, modern = web.hellos  # the second look tells whether the server is there at all
    assert_phone(phone)
    assert_modern(modern, None)


def test_ca_check_says_hello_as_a_phone(root):
    with HelloServer() as server:
        done = subprocess.run([CA, "check", f"localhost:{server.port}", "--name", POOL, "--chain",
                               root.certificate], capture_output=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    phone, *single, named = server.hellos
    assert_phone(phone)
    assert [versions(hello) for hello in single] == [[TLS_1_3], [TLS_1_2], [TLS_1_1], [TLS_1_0]]
    assert {server_name(hello) for hello in single} == {None}
    assert server_name(named) == "localhost"  # when nothing else worked


@pytest.mark.parametrize("host, name", [("localhost", "localhost"), ("127.0.0.1", None)])
def test_ca_learn_says_hello_as_a_phone(host, name):
    """After it has tried as a client of today, who names the server."""
    with HelloServer() as server:
        done = subprocess.run([CA, "learn", f"https://{host}:{server.port}/"], capture_output=True,
                              timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    modern, phone = server.hellos
    assert_modern(modern, name)
    assert_phone(phone)


# Servers without an end

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PIECE = 1 << 16
MEMORY_MAX = 64 << 10  # KiB; without a server the programs take less than a fourth
SENT_MAX = 24 << 20  # what sockets hold is counted, too; the largest answer allowed has 4 MiB

# What comes first, and then over and over.
ENDLESS = {
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "102 with headers": (b"", b"HTTP/1.1 102 Processing\r\nX: " + b"y" * 1000 + b"\r\n\r\n"),
    "headers": (OK, b"X-Header: y\r\n"),
    "shortest headers": (OK, b"x:\r\n"),
    "one header": (OK + b"X: ", b"y"),
    "folded header": (OK + b"X: y\r\n", b" y\r\n"),
    "first line": (b"HTTP/1.1 200 ", b"y"),
    "body": (OK + b"\r\n", b"y"),
    "chunks": (CHUNKED, b"1\r\ny\r\n"),
    "chunk extension": (CHUNKED + b"1;", b"y"),
    "chunk size": (CHUNKED, b"0"),
    "trailers": (CHUNKED + b"0\r\n", b"X: y\r\n"),
    "octets": (b"", b"\0"),
}


class EndlessServer(TcpServer):
    """Reads a request, and answers without an end, for as long as the client listens."""

    def __init__(self, first, then, tls=None):
        super().__init__(self._answer)
        self.first, self.then, self.tls, self.sent = first, then, tls, 0

    def _answer(self, connection):
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        connection.recv(1 << 16)
        piece = self.then * max(1, PIECE // len(self.then))
        connection.sendall(self.first)
        while True:
            connection.sendall(piece)
            self.sent += len(piece)


def watch(command, **options):
    """Runs it. Returns (exit status, what it said, seconds, KiB of memory at most)."""
    started, memory = time.monotonic(), 0
    with subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options) as running:
        while running.poll() is None:
            with contextlib.suppress(OSError):
                for line in pathlib.Path(f"/proc/{running.pid}/status").read_text().splitlines():
                    if line.startswith("VmHWM:"):
                        memory = max(memory, int(line.split()[1]))
            time.sleep(0.005)
            if time.monotonic() - started > 60:
                running.kill()
        return running.returncode, running.stdout.read(), time.monotonic() - started, memory


@pytest.mark.parametrize("kind", ENDLESS)
def test_endless_answers_are_bounded(kind):
    with EndlessServer(*ENDLESS[kind]) as server:
        status, said, seconds, memory = watch([CA, "learn", f"http://127.0.0.1:{server.port}/"])
    assert (status, said.count(b"\n")) == (2, 1), said
    assert memory < MEMORY_MAX and server.sent < SENT_MAX and seconds < 5


@pytest.mark.parametrize("kind", ["100 Continue", "headers", "body", "chunk extension"])
def test_endless_answers_over_tls_are_bounded(root, kind):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(root.certificate, root.key)
    with EndlessServer(*ENDLESS[kind], tls=context) as server:
        status, said, seconds, memory = watch([CA, "learn", f"https://127.0.0.1:{server.port}/"])
    assert (status, said.count(b"\n")) == (2, 1), said
    assert memory < MEMORY_MAX and server.sent < SENT_MAX and seconds < 5


# Records that a client of TLS passes over: HelloRequests, no content at all, warnings.
ENDLESS_HANDSHAKES = {
    "HelloRequest": b"\x16\x03\x01\x00\x04\x00\x00\x00\x00",
    "empty records": b"\x16\x03\x01\x00\x00",
    "warnings": b"\x15\x03\x01\x00\x02\x01\x70",
}


@pytest.mark.parametrize("kind", ENDLESS_HANDSHAKES)
def test_endless_handshakes_are_bounded(root, kind):
    with EndlessServer(b"", ENDLESS_HANDSHAKES[kind]) as server:
        status, said, seconds, memory = watch([CA, "check", f"127.0.0.1:{server.port}", "--name",
                                               POOL, "--chain", root.certificate])
    assert status == 1, said
    assert memory < MEMORY_MAX and server.sent < SENT_MAX and seconds < 5


@pytest.mark.parametrize("kind", ["100 Continue", "headers", "body", "octets"])
def test_endless_servers_end_for_the_probe(tmp_path, kind):
    with EndlessServer(*ENDLESS[kind]) as server:
        command, resolver = probe_command(tmp_path, "chain", http=server.port)
        with resolver:
            status, said, seconds, memory = watch(command)
    assert status == 1, said
    assert memory < MEMORY_MAX and server.sent < SENT_MAX and seconds < 5


@pytest.mark.parametrize("first", [b"", OK, OK + b"\r\n", CHUNKED],
                         ids=["line", "header", "body", "chunk"])
def test_a_slow_drip_is_bounded_in_time(tmp_path, first):
    """An octet at a time, each long before anything that waits for one would give up."""
    def drip(connection):
        connection.recv(1 << 16)
        connection.sendall(first)
        for octet in b"HTTP/1.1 200 OK" if first == b"" else b"0" * 1000:
            connection.sendall(bytes([octet]))
            time.sleep(0.2)

    with TcpServer(drip) as server:
        command, resolver = probe_command(tmp_path, "chain", http=server.port)
        with resolver:
            status, said, seconds, _ = watch(command)
    assert status == 1 and b"in time" in said, said
    assert seconds < 4


# What is none of a phone's business

def test_environment_and_files_of_curl_mean_nothing(tmp_path):
    """A proxy, a user's password, curl's own settings: of another program."""
    asked = []

    def refuse(connection):
        asked.append(connection.recv(1 << 16))
        connection.sendall(b"HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=x\r\n"
                           b"Set-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")

    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login phone password secret\n"
                                     "default login phone password secret\n")
    (tmp_path / ".curlrc").write_text("proxy = 127.0.0.1:1\nuser = phone:secret\n")
    environment = {name: "http://127.0.0.1:1/" for name in ("http_proxy", "https_proxy",
                                                           "HTTPS_PROXY", "all_proxy", "ALL_PROXY")}
    with TcpServer(refuse) as server:
        status, said, _, _ = watch([CA, "learn", f"http://127.0.0.1:{server.port}/a/../b?c"],
                                   env=environment | {"HOME": str(tmp_path)})
    assert status == 1 and b"HTTP 401" in said
    [request] = asked
    lines = request.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert lines[0] == b"POST /a/../b?c HTTP/1.1"
    assert {line.split(b":")[0] for line in lines[1:]} == {
        b"Host", b"Connection", b"Content-Type", b"Content-Length", b"SOAPAction"}
