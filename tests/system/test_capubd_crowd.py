# SPDX-License-Identifier: MPL-2.0
"""ucprov-capubd: what strangers can make it hold, and whom they can keep out."""

import contextlib
import os
import socket
import time

import pytest

import publisher
from processes import wait_until
from publisher import SOAP_MESSAGE, Publisher, message

MEGABYTE = 1 << 10  # in the kB that Publisher.rss() counts


@pytest.fixture
def stack():
    with contextlib.ExitStack() as stack:
        yield stack


def connect_deaf(server, kind):
    """A client with room for hardly an answer."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.connect(("127.0.0.1", server.ports[kind]))
    if kind in ("https", "legacy_https"):
        client = publisher.context_for(kind).wrap_socket(client, server_hostname=publisher.HOST)
    client.settimeout(0.5)
    return client


def send_forever(client, octets, seconds):
    """Sends as long as somebody takes it; returns how much that was."""
    sent = 0
    end = time.monotonic() + seconds
    with contextlib.suppress(OSError):
        while time.monotonic() < end:
            sent += client.send(octets)
    return sent


@pytest.mark.quiet
@pytest.mark.parametrize("kind", ["http", "https", "admin"])
@pytest.mark.parametrize("what", ["requests", "chunk size", "body behind an answer"])
def test_what_one_connection_holds(tmp_path, kind, what):
    """Requests without end whose answers nobody takes; a chunk's size without end. evhttp reads on
    in either case, whatever the limits of head and body are."""
    path = "/metrics" if kind == "admin" else "/"
    octets = {"requests": message("GET", path) * 5000,
              "chunk size": b"1" * 500000,
              "body behind an answer": b"\0" * 500000}[what]
    begin = {"requests": b"", "body behind an answer": message("GET", path),
             "chunk size": b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"}[what]
    with Publisher(tmp_path, {"workers": 1}) as server:
        before = server.rss()
        with connect_deaf(server, kind) as client:
            client.sendall(begin)
            sent = send_forever(client, octets, 2)
            grown = server.rss() - before
            assert grown < 8 * MEGABYTE, f"{grown} kB for {sent} octets"
            if kind != "admin":
                assert len(server.fetch_chains(source="127.8.1.1")) == 1
        assert server.ask("/metrics", kind="admin").status == 200
        server.end()


@pytest.mark.quiet
@pytest.mark.parametrize("workers", [1, 4])
def test_fewer_connections_after_a_reload(tmp_path, stack, workers):
    """Those that are too many from now on are closed: kept ones that go on asking must not keep
    everybody else out."""
    with Publisher(tmp_path, {"workers": workers, "max_connections": 100}) as server:
        kept = [stack.enter_context(server.connect(source=f"127.6.{i}.1")) for i in range(100)]
        for client in kept:
            client.send(SOAP_MESSAGE)
            assert client.answer().status == 200
        time.sleep(1.1)
        server.write(max_connections=10)
        assert "reloaded" in server.reload()
        for _ in range(3):
            assert len(server.fetch_chains(source="127.8.1.1")) == 1
        assert server.metrics()["ucprov_connections", ()] <= 10 + workers
        server.end()


@pytest.mark.quiet
def test_idle_connections_of_many_workers(tmp_path, stack):
    """A worker that has no connection of its own to close waits for others to close one of theirs."""
    with Publisher(tmp_path, {"workers": 16}, command=("prlimit", "--nofile=176")) as server:
        for i in range(200):
            client = stack.enter_context(server.connect(source=f"127.9.{i}.1"))
            client.send(b"G")
        for i in range(5):
            start = time.monotonic()
            assert len(server.fetch_chains(source=f"127.8.{i}.1")) == 1
            assert time.monotonic() - start < 5
        server.end()


@pytest.mark.quiet
def test_refused_requests_do_not_fill_the_log(tmp_path):
    """The first is logged, the rest is counted; and after a few the connection ends."""
    settings = {"workers": 1, "max_requests_per_second": 5}
    with Publisher(tmp_path, settings) as server:
        before = len(server.lines)
        answers, ends = [], 0
        for _ in range(100):
            with server.connect() as client:
                for _ in range(20):
                    client.send(message("GET", "/nothing-here"))
                    answers.append(client.answer().status)
                    if client.is_closed(0.01):
                        ends += 1
                        break
        assert answers.count(429) > 200 and ends >= 95
        assert len(server.lines) - before <= 3, server.lines[before:]
        server.end()


def test_failed_handshakes_do_not_fill_the_log(tmp_path):
    with Publisher(tmp_path, {"workers": 1}) as server:
        before = len(server.lines)
        for _ in range(300):
            with publisher.Wire(server.plain("https")) as client:
                client.send(b"GET / HTTP/1.1\r\n\r\n")
                client.is_closed(2)
        server.wait_for_log("TLS handshake failed")
        time.sleep(1.5)
        assert len(server.lines) - before <= 3, server.lines[before:]
        server.end()


@pytest.mark.quiet
def test_nobody_reads_the_log(tmp_path):
    """Requests are served all the same, and later on the log says what it lacks."""
    with Publisher(tmp_path, {"workers": 1, "max_requests_per_second": 0}, start=False) as server:
        reading, writing = os.pipe()
        process = server.launch("-d", stderr=writing)
        os.close(writing)
        wait_until(lambda: can_connect(server), 10, "it to listen")
        with server.connect() as client:
            for _ in range(3000):
                client.send(SOAP_MESSAGE)
                assert client.answer().status == 200
        log = b""
        while b"lines of this log were lost" not in log:
            log += os.read(reading, 65536)
        process.terminate()
        assert process.wait(10) == 0
        os.close(reading)


def can_connect(server):
    with contextlib.suppress(OSError), server.connect():
        return True
    return False
