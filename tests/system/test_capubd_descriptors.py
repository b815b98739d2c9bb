# SPDX-License-Identifier: MPL-2.0
"""ucprov-capubd: more connections than descriptors, in all and at the moment of accept(2).

The daemon is built with AddressSanitizer and UBSan: what it must not touch, it does not."""

import contextlib
import time

import pytest

import publisher
from processes import wait_until
from publisher import SOAP_MESSAGE, Publisher, SanitizedPublisher, message

CLIENTS = 120
DESCRIPTORS = 64


@pytest.fixture
def stack():
    with contextlib.ExitStack() as stack:
        yield stack


def connect_many(server, stack, count=CLIENTS):
    """Clients from ten addresses that begin a request and do not end it."""
    clients = []
    for number in range(count):
        client = stack.enter_context(server.connect(source=f"127.7.{number % 10}.1"))
        client.send(SOAP_MESSAGE[:20])
        clients.append(client)
    return clients


@pytest.mark.quiet
@pytest.mark.parametrize("workers", [1, 2])
def test_more_connections_than_descriptors(tmp_path, stack, workers):
    """Old ones give way before the descriptors are used up: everything goes on working."""
    settings = {"workers": workers}
    with SanitizedPublisher(tmp_path, settings, DESCRIPTORS + 16 * workers) as server:
        assert server.count_log("raise LimitNOFILE=") == 1
        for _ in range(3):
            connect_many(server, stack)
            assert len(server.fetch_chains(source="127.8.1.1")) == 1
            assert len(server.fetch_chains("https", source="127.8.1.1")) == 1
            assert server.metrics()["ucprov_connections", ()] < DESCRIPTORS
            assert "reloaded" in server.reload()
        assert server.failures()["max_connections"] > 100
        assert server.count_log("cannot accept") == 0
        server.end()


def test_too_few_descriptors(tmp_path):
    with Publisher(tmp_path, {"workers": 1}, command=("prlimit", "--nofile=40"),
                   start=False) as server:
        done = server.run("-d")
        assert done.returncode == 2
        assert "LimitNOFILE=" in done.stderr


def stop_accepting_and_look(server, asking):
    """Takes all descriptors away, lets clients come, and gives them back."""
    before = server.set_descriptors(3)
    asking()
    server.wait_for_log("cannot accept connections: Too many open files")
    busy = server.processor_seconds()
    time.sleep(2)
    assert server.processor_seconds() - busy < 0.5  # it does not spin
    assert server.count_log("cannot accept") == 1
    assert server.process.poll() is None
    server.set_descriptors(before)


def test_accept_fails(tmp_path, stack):
    with SanitizedPublisher(tmp_path, {"workers": 1}) as server:
        clients = []

        def ask():
            for kind in ("http", "legacy_https"):  # the latter waits for its handshake
                for _ in range(20):
                    client = stack.enter_context(publisher.Wire(server.plain(kind)))
                    client.send(SOAP_MESSAGE if kind == "http" else b"\x16\x03\x01")
                    if kind == "http":
                        clients.append(client)

        stop_accepting_and_look(server, ask)
        for client in clients:  # those that waited are served
            assert client.answer().status == 200
        assert len(server.fetch_chains("https")) == 1
        server.end()


def test_accept_fails_for_the_metrics(tmp_path, stack):
    with SanitizedPublisher(tmp_path, {"workers": 1}) as server:
        scrapes = []

        def ask():
            scrapes.append(stack.enter_context(server.connect("admin")))
            scrapes[0].send(message("GET", "/metrics"))

        stop_accepting_and_look(server, ask)
        assert scrapes[0].answer().status == 200
        server.end()


def test_connections_to_the_metrics_are_few(tmp_path, stack):
    """They cannot use up what phones need; the one that has been there longest gives way."""
    with SanitizedPublisher(tmp_path, {"workers": 1}) as server:
        before = server.descriptors()
        idle = [stack.enter_context(server.connect("admin")) for _ in range(100)]
        for client in idle:
            client.send(b"G")  # the kernel keeps those back that say nothing
        wait_until(lambda: idle[50].is_closed(0.1), 5, "it to give way")
        assert server.descriptors() - before <= 16
        assert server.ask("/metrics", kind="admin").status == 200
        assert not idle[-1].is_closed(0.1)
        server.end()
