# SPDX-License-Identifier: MPL-2.0
"""ucprov-probe's time step: against chrony, and against a server that says anything."""

import random
import time

import pytest

from lab import chrony, unbound
from loopback import free_port
from probe import Outcome, run
from resolver import Resolver, address
from time_server import FakeTime


def ask(*ports, more=()):
    """The servers are 127.0.0.1, .2, ...: all on one port."""
    arguments = ["--json", "--steps", "time", "--ntp-port", ports[0], "--timeout", "0.6"]
    for number, _ in enumerate(ports, 1):
        arguments += ["--ntp", f"127.0.0.{number}"]
    return Outcome(run(*arguments, *more))


def ask_fake(ahead=0.0, spoil=None, more=()):
    with FakeTime(ahead, spoil) as server:
        outcome = ask(server.port, more=more)
        outcome.queries = server.queries
    return outcome


# A real one

def test_chrony(tmp_path):
    port = free_port()
    with chrony(tmp_path / "chrony", port=port):
        outcome = ask(port)
    assert outcome.status == 0, outcome.text
    assert abs(outcome.document["learned"]["clock_offset"]) < 0.1


def test_chrony_that_is_not_synchronized(tmp_path):
    port = free_port()
    with chrony(tmp_path / "chrony", port=port, stratum=""):
        outcome = ask(port)
    assert outcome.status == 1
    assert "not synchronized" in outcome.summary_of("time.answer")
    assert "no TLS works" in outcome.checks["time.answer"]["remedy"]


# One that says anything

def test_query_is_as_documented():
    outcome = ask_fake()
    assert outcome.status == 0
    (query,) = outcome.queries
    assert len(query) == 48 and query[0] == 0x23 and query[1:40] == bytes(39)
    assert query[40:48] != bytes(8)


@pytest.mark.parametrize("ahead, status, words", [
    (0, "pass", ""), (30, "pass", "30 s apart"), (-30, "pass", "30 s apart"),
    (120, "warn", "120 s apart"), (-7200 * 2, "warn", "4.0 hours apart"),
    (86400 * 3, "fail", "3.0 days apart"), (-86400 * 400, "fail", "400.0 days apart"),
    (86400 * 365 * 30, "fail", "days apart"),
])
def test_offsets(ahead, status, words):
    outcome = ask_fake(ahead)
    assert outcome.status_of("time.answer") == status, outcome.text
    assert words in outcome.summary_of("time.answer")
    assert abs(outcome.document["learned"]["clock_offset"] - ahead) < 0.5


def change(answer, offset, octets):
    return answer[:offset] + octets + answer[offset + len(octets):]


NO_TIME = {
    "kiss-o'-death RATE": lambda query, answer: [change(change(answer, 1, b"\0"), 12, b"RATE")],
    "kiss-o'-death DENY": lambda query, answer: [change(change(answer, 1, b"\0"), 12, b"DENY")],
    "not synchronized (stratum 2)": lambda query, answer: [change(answer, 0, b"\xe4")],
    "not synchronized (stratum 0)": lambda query, answer: [change(answer, 1, b"\0")],
    "not synchronized (stratum 16)": lambda query, answer: [change(answer, 1, b"\x10")],
    "wrong originate": lambda query, answer: [change(answer, 24, bytes(8))],
    "47 octets": lambda query, answer: [answer[:47]],
    "0 octets": lambda query, answer: [b""],
    "no time in it": lambda query, answer: [change(answer, 40, bytes(8))],
    "no server's answer": lambda query, answer: [query],
    "does not answer": lambda query, answer: [],
}


@pytest.mark.parametrize("what", NO_TIME)
def test_answers_that_are_no_time(what):
    outcome = ask_fake(spoil=NO_TIME[what])
    assert outcome.status == 1
    assert outcome.status_of("time.answer") == "fail"
    assert what in outcome.summary_of("time.answer")


@pytest.mark.parametrize("what", ["wrong originate", "47 octets", "no server's answer",
                                  "0 octets"])
def test_strays_before_the_answer(what):
    outcome = ask_fake(spoil=lambda query, answer: NO_TIME[what](query, answer) + [answer])
    assert outcome.status == 0, outcome.text


def test_doubled_late_and_lost():
    assert ask_fake(spoil=lambda query, answer: [answer] * 3).status == 0

    def late(query, answer):
        time.sleep(0.35)  # behind the second question
        return [answer]

    assert ask_fake(spoil=late).status == 0
    seen = []

    def lossy(query, answer):
        seen.append(query)
        return [answer] if len(seen) == 2 else []

    outcome = ask_fake(spoil=lossy)
    assert outcome.status == 0
    assert outcome.queries[0][40:] != outcome.queries[1][40:]


def test_refused():
    outcome = ask(free_port())
    assert outcome.status == 1
    assert "no time server listens there" in outcome.summary_of("time.answer")


def test_one_of_two_fails():
    """127.0.0.2 has nobody on that port."""
    with FakeTime() as server:
        outcome = ask(server.port, None)
    assert outcome.status == 0
    assert outcome.status_of("time.others") == "warn"
    assert outcome.summary_of("time.others").startswith("127.0.0.2 port")


def test_srv_and_last_resort(tmp_path):
    """SRV beside option 42; time.windows.com when nothing else tells the time."""
    port = free_port()
    records = ["_ntp._udp.contoso.com. SRV 0 0 123 ntp.contoso.com.",
               "ntp.contoso.com. A 127.0.0.1", "time.windows.com. A 127.0.0.1"]
    resolver = ("--resolver", f"127.0.0.1#{port}", "--domain", "contoso.com")
    with FakeTime() as server, unbound(tmp_path / "unbound", port=port, records=records):
        srv = Outcome(run("--json", "--steps", "time", *resolver, "--ntp-port", server.port))
        last = Outcome(run("--json", "--steps", "time", *resolver[:2], "--domain", "fabrikam.com",
                           "--ntp-port", server.port))
        behind = Outcome(run("--json", "--steps", "time", *resolver[:2], "--ntp", "127.0.0.9",
                             "--ntp-port", server.port, "--timeout", "0.3"))
    assert "(SRV)" in srv.summary_of("time.answer") and srv.status == 0
    assert "(time.windows.com)" in last.summary_of("time.answer")
    assert "(time.windows.com)" in behind.summary_of("time.answer")
    assert behind.status_of("time.others") == "warn"


def test_no_source_at_all():
    with Resolver(lambda query, tcp: [query.answer(rcode=3)]) as resolver:
        outcome = Outcome(run("--json", "--steps", "time", "--resolver",
                              f"127.0.0.1#{resolver.port}", "--domain", "contoso.com"))
        assert {query.name for query in resolver.queries} == {
            "_ntp._udp.contoso.com", "time.windows.com"}
    assert outcome.status == 1
    assert "no time source" in outcome.summary_of("time.answer")


def test_last_resort_is_left_alone():
    """Nobody is asked outside the network as long as somebody inside tells the time."""
    def script(query, tcp):
        return [query.answer(address(query.name, "127.0.0.1"))]

    with FakeTime() as server, Resolver(script) as resolver:
        Outcome(run("--json", "--steps", "time", "--ntp", "127.0.0.1", "--ntp-port", server.port,
                    "--resolver", f"127.0.0.1#{resolver.port}", "--domain", "contoso.com"))
        assert "time.windows.com" not in {query.name for query in resolver.queries}


def test_noise_never_crashes():
    noise = random.Random(3)

    def mutate(octets):
        octets = bytearray(octets)
        for _ in range(4):
            octets[noise.randrange(len(octets))] = noise.randrange(256)
        return bytes(octets[:noise.randrange(len(octets) + 1)])

    def spoil(query, answer):
        return [mutate(answer) for _ in range(50)] + [noise.randbytes(noise.randrange(2000))]

    for _ in range(5):
        assert ask_fake(spoil=spoil).status in (0, 1)


def test_silence_is_bounded():
    started = time.monotonic()
    with FakeTime(spoil=lambda query, answer: []) as server:
        outcome = Outcome(run("--json", "--steps", "time", *["--ntp", "127.0.0.1"] * 8,
                              "--ntp-port", server.port, "--timeout", "60", "--total", "1"))
    assert time.monotonic() - started < 4
    assert outcome.status == 2


def test_those_that_were_not_asked_tell_no_time():
    """The first keeps silent until the time is up."""
    with FakeTime(spoil=lambda query, answer: []) as server:
        outcome = Outcome(run("--json", "--steps", "time", "--ntp", "127.0.0.1", "--ntp",
                              "127.0.0.2", "--ntp-port", server.port, "--timeout", "2",
                              "--total", "1"))
    assert outcome.status == 2, outcome.text
    assert "127.0.0.2 port" in outcome.summary_of("time.answer")
    assert "not asked, the time was up" in outcome.summary_of("time.answer")
    assert "clock_offset" not in outcome.document["learned"]
