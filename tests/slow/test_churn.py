# SPDX-License-Identifier: MPL-2.0
"""ucprov-capubd, built with sanitizers, for a minute among strangers that come and go: more
connections than it has descriptors, reloads, scrapes. A phone is served all the time, and nothing
grows."""

import concurrent.futures
import contextlib
import os
import random
import time

import pytest

from publisher import SOAP_MESSAGE, SanitizedPublisher

SECONDS = int(os.environ.get("UCPROV_CHURN_SECONDS", 60))
STRANGERS = 4
DESCRIPTORS = 128


def disturb(server, number, until):
    """Connections that begin, wait, ask or leave, in any order."""
    choose = random.Random(number)
    held = []
    opened = 0
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            wire = server.connect(choose.choice(("http", "admin")),
                                  source=f"127.{10 + number}.{choose.randrange(20)}.1")
            opened += 1
            wire.socket.sendall(SOAP_MESSAGE[:choose.randrange(1, len(SOAP_MESSAGE) + 1)])
            held.append(wire)
        if len(held) > 60 or choose.random() < 0.2:
            choose.shuffle(held)
            held.pop().close()
        time.sleep(0.002)
    for wire in held:
        wire.close()
    return opened


@pytest.mark.parametrize("workers", [1, 2])
def test_a_minute_among_strangers(tmp_path, workers):
    with SanitizedPublisher(tmp_path, {"workers": workers, "log_requests": False},
                            DESCRIPTORS) as server, \
            concurrent.futures.ThreadPoolExecutor(STRANGERS) as pool:
        until = time.monotonic() + SECONDS / 2
        strangers = [pool.submit(disturb, server, number, until) for number in range(STRANGERS)]
        time.sleep(2)
        before = server.rss()
        served = 0
        while time.monotonic() < until:
            assert len(server.fetch_chains(source="127.99.1.1")) == 1
            served += 1
            if served % 20 == 0:
                assert "reloaded" in server.reload()
                assert server.metrics()["ucprov_connections", ()] < DESCRIPTORS
            time.sleep(0.05)
        assert sum(stranger.result() for stranger in strangers) > 1000
        assert served > SECONDS
        assert server.rss() < before * 1.5 + 20000  # kB
        assert server.count_log("cannot accept") == 0
        server.end()
