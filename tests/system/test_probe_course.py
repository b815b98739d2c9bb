# SPDX-License-Identifier: MPL-2.0
"""How far a run came: a step that was asked for and not taken is no pass, in any format."""

import json
import signal
import subprocess
import time

import pytest

from dhcp_server import good
from lab import PHONE, RELAY
from probe import PROBE, QUICK, Outcome, run
from resolver import Resolver
from servers import UdpServer

NO_ANSWER = ("--steps", "names", "--domain", "contoso.com", "--timeout", "30", "--total", "60")


def interrupt(arguments, number, ready, wait=10):
    """Runs the probe, and sends it a signal once `ready()`. Returns what it printed, and how long it
    lived on."""
    with subprocess.Popen([str(PROBE), *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + wait
        while not ready() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)
        process.send_signal(number)
        sent = time.monotonic()
        out, errors = process.communicate(timeout=30)
    return subprocess.CompletedProcess(arguments, process.returncode, out, errors), \
        time.monotonic() - sent


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("form", ["--json", "--nagios", "--verbose"])
def test_interrupted(form, number):
    """DHCP is all well, and the resolver says nothing: what was found is printed, and is no pass."""
    with UdpServer(lambda query: [good(query)]) as dhcp, \
            Resolver(lambda query, tcp: []) as resolver:
        where = ("--server", f"127.0.0.1:{dhcp.port}", "--relay", RELAY, "--address", PHONE, "-w",
                 "0.2", "--steps", "dhcp,inform,names", "--resolver",
                 f"127.0.0.1#{resolver.port}", "--timeout", "30", form)
        done, seconds = interrupt(where, number, lambda: resolver.queries)
    assert seconds < 3, "nobody waits for what is out there"
    if form == "--nagios":
        assert done.returncode == 3 and done.stdout.startswith("UCPROV UNKNOWN - Interrupted. ")
        assert done.stdout.count("\n") == 1
    elif form == "--verbose":
        assert done.returncode == 2
        shown = " ".join(done.stdout.split())
        assert "Interrupted. Not known whether" in shown and "offered by 127.20.0.1" in shown
    else:
        outcome = Outcome(done)
        assert outcome.status == 2 and outcome.document["interrupted"] is True
        assert outcome.status_of("dhcp.offer") == outcome.status_of("inform.vendor") == "pass"
        assert outcome.status_of("names.update") == "skip"
        assert outcome.document["not_looked_at"] == ["names"]


@pytest.mark.parametrize("form, status", [("--json", 2), ("--nagios", 3), ("--verbose", 2)])
def test_interrupted_at_the_first_question(form, status):
    """Nobody was heard, which is nobody's fault."""
    with UdpServer(lambda query: []) as silent:
        done, seconds = interrupt(("--server", f"127.0.0.1:{silent.port}", "--relay", RELAY,
                                   "--address", PHONE, "--timeout", "30", form), signal.SIGINT,
                                  lambda: silent.queries)
    assert seconds < 3 and done.returncode == status, done.stdout
    assert "gets no address" not in done.stdout and "FAIL" not in done.stdout
    if form == "--json":
        assert json.loads(done.stdout)["not_looked_at"] == ["dhcp", "inform"]


def test_failure_before_the_interruption_counts():
    def script(query):
        return [good(query)] if query[242] == 1 else []  # DISCOVER alone

    with UdpServer(script) as dhcp, Resolver(lambda query, tcp: []) as resolver:
        where = ("--server", f"127.0.0.1:{dhcp.port}", "--relay", RELAY, "--address", PHONE, *QUICK,
                 "--steps", "dhcp,inform,names", "--resolver", f"127.0.0.1#{resolver.port}")
        done, _ = interrupt((*where, "--json"), signal.SIGINT, lambda: resolver.queries)
    outcome = Outcome(done)
    assert outcome.status == 1 and outcome.document["interrupted"] is True
    assert outcome.document["verdict"].startswith("Interrupted. This phone cannot sign in")


def test_time_runs_out_in_dhcp():
    """--total ends while the server has not answered yet: it is not known, and nobody's fault."""
    with UdpServer(lambda query: []) as silent:
        where = ("--server", f"127.0.0.1:{silent.port}", "--relay", RELAY, "--address", PHONE,
                 "--timeout", "30", "--total", "1")
        outcome = Outcome(run("--json", *where))
        nagios = run("--nagios", *where)
    assert outcome.status == 2 and outcome.document["not_looked_at"] == ["dhcp", "inform"]
    assert outcome.status_of("total") == "skip"
    assert "--total" in outcome.document["verdict"]
    assert nagios.returncode == 3 and nagios.stdout.startswith("UCPROV UNKNOWN - Not known ")
