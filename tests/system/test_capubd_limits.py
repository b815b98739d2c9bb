# SPDX-License-Identifier: MPL-2.0
"""ucprov-capubd: what strangers cannot do: hold it up, use it up, or make it grow."""

import concurrent.futures
import contextlib
import os
import resource
import socket
import ssl
import time

import pytest

import publisher
from processes import wait_until
from publisher import PATH, REQUEST, SOAP_MESSAGE, Wire, message
from tls import client_hello

# Slow clients: all at once, because each takes its time

TIMEOUT = 2  # seconds
LATEST = TIMEOUT + 1.5  # the daemon looks once a second
DEFERRED = 3  # a connection without a word is not shown to it at once (TCP_DEFER_ACCEPT)


def drip(client, octets):
    """An octet every now and then, until the other side closes. Returns the seconds that took."""
    begin = time.monotonic()
    client.setblocking(False)
    for octet in octets:
        time.sleep(0.2)
        try:
            client.send(bytes([octet]))
            if client.recv(1 << 16) == b"":
                break
        except BlockingIOError:
            continue
        except (ConnectionError, ssl.SSLError):
            break
    else:
        return None
    return time.monotonic() - begin


def silent(client):
    begin = time.monotonic()
    return time.monotonic() - begin if Wire(client).is_closed(10) else None


def slow_headers(server):
    with server.plain() as client:
        return drip(client, SOAP_MESSAGE)


def slow_body(server):
    head, end, body = SOAP_MESSAGE.partition(b"\r\n\r\n")
    with server.plain() as client:
        client.sendall(head + end)
        return drip(client, body)


def slow_second_request(server):
    with server.connect() as wire:
        wire.send(SOAP_MESSAGE)
        assert wire.answer().status == 200
        return drip(wire.socket, SOAP_MESSAGE)


def slow_handshake(server):
    with server.plain("https") as client:
        return drip(client, client_hello(0x0303, range(0xc000, 0xc030)))


def no_handshake(server):
    with server.plain("legacy_https") as client:
        return silent(client)


def half_a_handshake(server):
    """The ServerHello comes, and then nothing from us."""
    with server.plain("legacy_https") as client:
        client.sendall(client_hello(0x0301, [0x002f]))
        begin = time.monotonic()
        client.settimeout(10)
        return time.monotonic() - begin if Wire(client).rest() else None


def no_request(server):
    with server.plain() as client:
        return silent(client)


def no_request_over_tls(server):
    with server.connect("https") as wire:
        begin = time.monotonic()
        wire.rest()
        return time.monotonic() - begin


def nothing_after_a_request(server):
    with server.connect() as wire:
        wire.send(SOAP_MESSAGE)
        assert wire.answer().status == 200
        return silent(wire.socket)


def unread_answers(server):
    """Asks and asks, and reads nothing."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect(("127.0.0.1", server.ports["http"]))
        client.setblocking(False)
        begin = time.monotonic()
        octets = message("GET", "/") * 100  # some are answered at once, until all buffers are full
        while time.monotonic() < begin + 10:
            try:
                client.send(octets)
            except BlockingIOError:
                time.sleep(0.05)
            except ConnectionError:
                return time.monotonic() - begin
        return None


def busy(server):
    """A request now and then, for longer than one may take. Returns how many were answered."""
    with server.connect() as wire:
        for number in range(int(2 * TIMEOUT / 0.4)):
            wire.send(SOAP_MESSAGE)
            if wire.answer().status != 200:
                return number
            time.sleep(0.4)
    return number + 1


SLOW = (slow_headers, slow_body, slow_second_request, slow_handshake, no_handshake,
        half_a_handshake, no_request, no_request_over_tls, nothing_after_a_request, unread_answers)


@pytest.fixture(scope="module")
def seconds(tmp_path_factory):
    settings = {"request_timeout": TIMEOUT, "handshake_timeout": TIMEOUT}
    with publisher.Publisher(tmp_path_factory.mktemp("slow"), settings) as server:
        with concurrent.futures.ThreadPoolExecutor(len(SLOW) + 1) as pool:
            running = {each.__name__: pool.submit(each, server) for each in (*SLOW, busy)}
            # Meanwhile nobody else is held up.
            begin = time.monotonic()
            while time.monotonic() < begin + TIMEOUT:
                asked = time.monotonic()
                assert server.ask("/healthz").status == 200
                assert time.monotonic() - asked < 0.5
                time.sleep(0.1)
            results = {name: each.result(30) for name, each in running.items()}
        results["failures"] = server.failures()
        yield results
        server.end()


@pytest.mark.quiet
@pytest.mark.parametrize("name", [each.__name__ for each in SLOW])
def test_slow_clients_are_closed(seconds, name):
    assert seconds[name] is not None, "was not closed"
    late = DEFERRED if name in ("no_request", "no_handshake") else 0
    assert TIMEOUT - 0.6 <= seconds[name] <= LATEST + late


@pytest.mark.quiet
def test_busy_clients_are_not_closed(seconds):
    assert seconds["busy"] == int(2 * TIMEOUT / 0.4)


@pytest.mark.quiet
def test_slow_clients_are_counted_once(seconds):
    failures = dict(seconds["failures"])
    assert failures == {"handshake_timeout": 3, "request_timeout": 7}


# Many connections

@pytest.fixture
def descriptors():
    """Enough of them for this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 6500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        if os.geteuid() != 0:
            pytest.skip("needs more descriptors than this user may have; root can raise the limit")
        hard = 20000
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), max(hard, wanted)))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.quiet
def test_five_thousand_idle_connections(tmp_path, descriptors):
    settings = {"max_connections_per_address": 100}
    with publisher.Publisher(tmp_path, settings) as server, contextlib.ExitStack() as stack:
        before = server.rss()
        for number in range(5000):
            source = f"127.{1 + number // 1000}.{number // 100 % 10}.1"
            kind = "https" if number % 10 == 0 else "http"
            client = stack.enter_context(server.plain(kind, source))
            if number % 7 != 0:  # the others do not say a word
                client.sendall(b"\x16\x03\x01" if kind == "https" else SOAP_MESSAGE[:100])
        wait_until(lambda: server.metrics()["ucprov_connections", ()] == 5000,
                             5 + DEFERRED, "5000 connections")
        begin = time.monotonic()
        for kind in ("http", "https", "legacy_https"):
            assert len(server.fetch_chains(kind, source="127.99.1.1")) == 1
        assert time.monotonic() - begin < 2
        # 12 kB each are libevent's and OpenSSL's; more would be ours.
        assert server.rss() - before < 5000 * 16
        assert server.failures() == {}


def test_the_one_that_waited_longest_gives_way(tmp_path):
    with publisher.Publisher(tmp_path, {"workers": 1, "max_connections": 50}) as server, \
            contextlib.ExitStack() as stack:
        waiting = [stack.enter_context(server.connect()) for _ in range(50)]
        for wire in waiting:
            wire.send(SOAP_MESSAGE[:5])
        wait_until(lambda: server.metrics()["ucprov_connections", ()] == 50, 5, "50")
        waiting[0].send(SOAP_MESSAGE[5:])  # which makes it the youngest
        assert waiting[0].answer().status == 200
        newer = [stack.enter_context(server.connect()) for _ in range(10)]
        for wire in newer:
            wire.send(SOAP_MESSAGE)
            assert wire.answer().status == 200
        assert [wire.is_closed() for wire in waiting] == [False] + [True] * 10 + [False] * 39
        assert server.failures() == {"max_connections": 10}
        assert server.metrics()["ucprov_connections", ()] == 50
        waiting[0].send(SOAP_MESSAGE)
        assert waiting[0].answer().status == 200


def test_a_flood_of_handshakes_gives_way_too(tmp_path):
    with publisher.Publisher(tmp_path, {"workers": 1, "max_connections": 20}) as server, \
            contextlib.ExitStack() as stack:
        flood = [stack.enter_context(server.plain("https")) for _ in range(60)]
        for client in flood:
            client.sendall(b"\x16")
        assert len(server.fetch_chains("https")) == 1
        assert Wire(flood[0]).is_closed(2) and Wire(flood[39]).is_closed(2)
        assert not Wire(flood[-1]).is_closed()


def test_connections_of_one_address(tmp_path):
    with publisher.Publisher(tmp_path, {"max_connections_per_address": 5}) as server, \
            contextlib.ExitStack() as stack:
        source = "127.0.0.50"
        held = [stack.enter_context(server.connect(source=source)) for _ in range(5)]
        for wire in held:
            wire.send(SOAP_MESSAGE)
            assert wire.answer().status == 200
        for kind in ("http", "https"):
            with contextlib.closing(server.plain(kind, source)) as sixth:
                assert Wire(sixth).is_closed(5 + DEFERRED)
        assert len(server.fetch_chains(source="127.0.0.51")) == 1
        for wire in held:  # those that are there are not touched
            wire.send(SOAP_MESSAGE)
            assert wire.answer().status == 200
        line = server.wait_for_log(r"127\.0\.0\.50: .*max_connections_per_address")
        assert "has 5 connections" in line
        assert server.failures() == {"max_connections_per_address": 2}
        held[0].close()
        wait_until(lambda: server.metrics()["ucprov_connections", ()] == 4, 5, "closed")
        assert len(server.fetch_chains(source=source)) == 1


@pytest.mark.quiet
def test_requests_per_second(tmp_path):
    with publisher.Publisher(tmp_path, {"max_requests_per_second": 5}) as server:
        source = "127.0.0.60"
        with server.connect(source=source) as wire:
            wire.send(SOAP_MESSAGE * 30)
            answers = [wire.answer() for _ in range(13)]
            assert [answer.status for answer in answers] == [200] * 10 + [429] * 3
            assert answers[-1].headers["Retry-After"] == "1"
            assert b"max_requests_per_second" in answers[-1].body
            assert wire.is_closed(2)  # who does not slow down is not worth a connection
        assert len(server.fetch_chains(source="127.0.0.61")) == 1
        assert server.exchange(SOAP_MESSAGE, source=source).status == 429  # not the connection
        time.sleep(1.05)
        with server.connect(source=source) as wire:
            wire.send(SOAP_MESSAGE * 8)
            later = [wire.answer().status for _ in range(8)]
            assert later == [200] * 5 + [429] * 3
        assert server.failures() == {"max_requests_per_second": 7}


# Big requests

MEGABYTE = 1 << 20


def chunked(octets):
    return (message("POST", PATH, headers=[("Transfer-Encoding", "chunked")])
            + b"%x\r\n%s\r\n" % (len(octets), octets) * 160 + b"0\r\n\r\n")


BIG = {
    "body": (message("POST", PATH, b"x" * 10 * MEGABYTE), (413,)),
    "chunks": (chunked(b"x" * 65000), (413,)),
    "a chunk": (message("POST", PATH, headers=[("Transfer-Encoding", "chunked")])
                + b"A00000\r\n" + b"x" * 10 * MEGABYTE, (413,)),
    "a header": (message("GET", "/", headers=[("A", "x" * 10 * MEGABYTE)]), (400, 413)),
    "headers": (message("GET", "/", headers=[("A", "x" * 50)] * (10 * MEGABYTE // 54)),
                (400, 413)),
    "path": (message("GET", "/" + "x" * 10 * MEGABYTE), (400, 413)),
    "no end of line": (b"x" * 10 * MEGABYTE, (400, 413)),
    "trailers": (message("POST", PATH, headers=[("Transfer-Encoding", "chunked")])
                 + b"0\r\n" + b"A: b\r\n" * (10 * MEGABYTE // 6), (400, 413, 500)),
}


def push(server, octets, kind):
    """Sends as much as is taken; returns the status of what comes back, if anything does."""
    with server.connect(kind) as wire:
        wire.socket.settimeout(10)
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            wire.send(octets)
        # A reset may overtake the answer.
        with contextlib.suppress(ConnectionError, ssl.SSLError, OSError):
            wire.read += wire.socket.recv(1 << 16)
        return int(wire.read.split()[1]) if wire.read else None


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with publisher.Publisher(tmp_path_factory.mktemp("limits"), {"log_requests": False}) as running:
        yield running
        running.end()


@pytest.mark.parametrize("name", BIG)
def test_big_requests_are_refused(server, name):
    octets, statuses = BIG[name]
    for kind in ("http", "https"):
        for _ in range(2):
            assert push(server, octets, kind) in (None, *statuses)
    before, begin = server.rss(), time.monotonic()
    for _ in range(10):
        assert push(server, octets, "http") in (None, *statuses)
    assert time.monotonic() - begin < 5
    assert server.rss() < before + 2048
    assert len(server.fetch_chains()) == 1


@pytest.mark.parametrize("size, status", [(65535, 500), (65536, 500), (65537, 413)])
def test_size_of_a_body(server, size, status):
    assert server.ask(PATH, b" " * size).status == status
    assert server.ask(PATH, REQUEST + b" " * (size - len(REQUEST))).status in (200, status)


def test_sizes_can_be_set(tmp_path):
    settings = {"max_body_size": 100000, "max_header_size": 20000}
    with publisher.Publisher(tmp_path, settings) as server:
        assert server.ask(PATH, REQUEST + b" " * (100000 - len(REQUEST))).status == 200
        assert server.ask(PATH, REQUEST + b" " * (100001 - len(REQUEST))).status == 413
        assert server.ask("/", headers=[("A", "x" * 19000)]).status == 200
        assert server.ask("/", headers=[("A", "x" * 21000)]).status in (400, 413)
