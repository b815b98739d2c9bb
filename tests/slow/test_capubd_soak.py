# SPDX-License-Identifier: MPL-2.0
"""ucprov-capubd: what strangers do to it for long."""

import contextlib
import multiprocessing
import os
import random
import socket
import struct
import time

import pytest

import publisher
from processes import wait_until
from publisher import PATH, REQUEST, SOAP_MESSAGE, message

MUTATIONS = int(os.environ.get("UCPROV_MUTATIONS", 100000))


@pytest.fixture
def server(tmp_path):
    with publisher.Publisher(tmp_path, {"log_requests": False}) as running:
        yield running
        running.end()


# A rate

def ask_steadily(server, source, count, rate):
    """Requests with a connection each, so many a second; their statuses."""
    statuses = []
    begin = time.monotonic()
    for number in range(count):
        time.sleep(max(0, begin + number / rate - time.monotonic()))
        statuses.append(server.exchange(SOAP_MESSAGE, source=source).status)
    return statuses


def test_connections_with_one_request_each(tmp_path):
    """A load balancer that looks at our health for a day, a floor of phones behind one address."""
    rate, source = 400, "127.0.0.62"
    with publisher.Publisher(tmp_path, {"max_requests_per_second": rate}) as server:
        assert ask_steadily(server, source, 1000, rate / 4) == [200] * 1000
        begin = time.monotonic()
        statuses = ask_steadily(server, source, 4000, rate * 4)
        seconds = time.monotonic() - begin
        served = statuses.count(200)
        assert served + statuses.count(429) == 4000
        # Where this machine is too slow for four times the rate, there is less to refuse.
        assert abs(served - min(4000, 2 * rate + rate * seconds)) < rate / 4
        assert seconds > 2 * 4000 / rate / 3 or served < 4000
        time.sleep(2)
        assert ask_steadily(server, source, rate, rate * 4) == [200] * rate


# Mutations

INTERESTING = (b"\0", b"\xff", b"\r\n", b"\r\n\r\n", b":", b" ", b"%", b"<", b">", b"&", b'"',
               b"<!DOCTYPE x>", b"<![CDATA[", b"-1", b"99999999999999999999", b"0", b"\x80",
               b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n",
               b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"HTTP/1.0", b"HTTP/9.9")
SEEDS = (SOAP_MESSAGE, message("GET", PATH + "?wsdl"), message("GET", "/chain.p7b"),
         message("POST", PATH, headers=[("Transfer-Encoding", "chunked")])
         + b"%x\r\n%s\r\n0\r\n\r\n" % (len(REQUEST), REQUEST), SOAP_MESSAGE + SOAP_MESSAGE)


NO_TIME_WAIT = struct.pack("ii", 1, 0)  # or ports would run out


def mutate(generator, octets):
    octets = bytearray(octets)
    for _ in range(generator.choice((1, 1, 2, 3, 8))):
        at = generator.randrange(len(octets) + 1)
        kind = generator.randrange(5)
        if kind == 0 and at < len(octets):
            octets[at] ^= 1 << generator.randrange(8)
        elif kind == 1:
            octets[at:at] = generator.choice(INTERESTING)
        elif kind == 2:
            del octets[at:at + generator.choice((1, 2, 10, 100))]
        elif kind == 3:
            octets[at:at + 1] = bytes([generator.randrange(256)])
        else:
            octets[at:at] = octets[at:at + generator.randrange(1, 60)]
    return bytes(octets)


def send_mutations(port, seed, count):
    """Each on a connection of its own, whose end is the end of what we say."""
    generator = random.Random(seed)
    for _ in range(count):
        with socket.socket() as client:
            client.settimeout(10)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_TIME_WAIT)
            client.connect(("127.0.0.1", port))
            with contextlib.suppress(ConnectionError):
                client.send(mutate(generator, generator.choice(SEEDS)))
                client.shutdown(socket.SHUT_WR)
                while client.recv(1 << 16):
                    pass


def run_mutations(server, seed, count, processes=3):
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=send_mutations, daemon=True,
                               args=(server.ports["http"], seed + number, count // processes))
               for number in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(300)
    assert [worker.exitcode for worker in workers] == [0] * processes


def test_mutations(server):
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seeds from {seed}")
    run_mutations(server, seed, MUTATIONS // 5)
    before = server.rss()
    run_mutations(server, seed + 100, MUTATIONS - MUTATIONS // 5)
    assert server.rss() < before + 1024
    assert len(server.fetch_chains()) == 1
    wait_until(lambda: server.metrics()["ucprov_connections", ()] == 0, 5, "all closed")
