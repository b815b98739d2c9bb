# SPDX-License-Identifier: MPL-2.0
"""How far a run came: a step that was asked for and not taken is no pass, in any format."""

import json
import signal
import subprocess
import time

import pytest

from dhcp_server import good, reply
from kea import Kea, raw_option
from lab import PHONE, RELAY, SERVER_ADDRESS, on_veth
from namespaces import ip
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


# The wrong VLAN

def vlans_exist():
    """Not every machine's kernel has VLAN interfaces."""
    made = subprocess.run(["unshare", "--net", "ip", "link", "add", "link", "lo", "name", "vlan20",
                           "type", "vlan", "id", "20"], capture_output=True, check=False)
    return made.returncode == 0


needs_vlans = pytest.mark.skipif(not vlans_exist(), reason="this kernel has no VLAN interfaces")


def data_vlan(vlan=True):
    """A Kea that has addresses and a router for everybody, and for phones nothing but their VLAN."""
    config = on_veth()
    config["option-data"] = [each for each in config["option-data"] if each["name"] == "routers"]
    del config["client-classes"]
    if vlan:
        config["client-classes"] = [{
            "name": "vlan", "test": "option[60].text == 'CPE-OCPHONE'",
            "option-data": [raw_option(43, b"\x0a\x02\x00\x14")]}]
    return config


def test_wrong_vlan(network):
    """The question is asked unasked; the verdict comes first, with a command that can be copied."""
    with Kea(data_vlan(), namespace=network.server):
        text = run("-i", "voice0", *QUICK, namespace=network.client)
        outcome = Outcome(run("--json", "-i", "voice0", *QUICK, namespace=network.client))
        nagios = run("--nagios", "-i", "voice0", *QUICK, namespace=network.client)
        asked = run("-i", "voice0", "--steps", "vlan,dhcp,inform", *QUICK,
                    namespace=network.client)
    command = ("ip link add link voice0 name voice20 type vlan id 20 && ip link set voice20 up && "
               "ucprov-probe -i voice20")
    for done in (text, asked):
        assert done.returncode == 1
        first, second = done.stdout.splitlines()[:2]
        assert first == ("This is not the voice VLAN: a phone here is sent to VLAN 20. Look there:")
        assert second == "  " + command
    assert outcome.document["voice_vlan"] == 20 and outcome.document["command"] == command
    assert outcome.status_of("vlan.voice") == "pass"
    assert not set(outcome.checks) & {"names.update", "time.answer"}, "nothing is looked at here"
    assert nagios.returncode == 2
    assert nagios.stdout.startswith("UCPROV CRITICAL - This is not the voice VLAN: ")


@needs_vlans
def test_the_command_leads_to_the_voice_vlan(network):
    """What was printed is run, and the phone is in the right VLAN then."""
    ip(network.server, "link add link voice0 name tagged type vlan id 20", "link set tagged up",
       "address add 10.21.0.1/16 dev tagged")
    config = data_vlan()
    right = on_veth()
    config["subnet4"].append({**right["subnet4"][0], "id": 2, "subnet": "10.21.0.0/16",
                              "pools": [{"pool": "10.21.1.10 - 10.21.1.99"}],
                              "interface": "tagged", "option-data": right["option-data"]})
    config["subnet4"][0]["interface"] = "voice0"
    config["interfaces-config"]["interfaces"] = ["voice0", "tagged"]
    config["option-def"] = right["option-def"]
    with Kea(config, namespace=network.server):
        document = Outcome(run("--json", "-i", "voice0", *QUICK,
                               namespace=network.client)).document
        ip(network.client, *(each.strip()[len("ip "):] for each in
                             document["command"].split("&&")[:2]))
        there = Outcome(run("--json", "-i", "voice20", "--steps", "dhcp,inform", *QUICK,
                            namespace=network.client))
    assert there.summary_of("dhcp.offer").startswith("10.21.1.10 ")
    assert there.summary_of("dhcp.domain") == "contoso.com"


@needs_vlans
@pytest.mark.parametrize("vlan", [True, False])
def test_not_called_another_vlan(network, vlan):
    """A server that sends phones of the voice VLAN to the voice VLAN; or none anywhere."""
    for namespace, address in ((network.client, None), (network.server, SERVER_ADDRESS)):
        ip(namespace, "link set voice0 name trunk", "link set trunk up",
           "link add link trunk name voice0 type vlan id 20", "link set voice0 up")
        if address:
            ip(namespace, "address flush dev trunk", f"address add {address}/16 dev voice0")
    with Kea(data_vlan(vlan=vlan), namespace=network.server):
        outcome = Outcome(run("--json", "-i", "voice0", *QUICK, namespace=network.client))
    assert outcome.status == 1 and "voice_vlan" not in outcome.document
    assert outcome.document["verdict"].startswith("This phone will neither update itself")


def test_no_other_vlan(network):
    """DHCP knows nothing of phones, and sends them nowhere either."""
    with Kea(data_vlan(vlan=False), namespace=network.server):
        outcome = Outcome(run("--json", "-i", "voice0", *QUICK, namespace=network.client))
    assert outcome.status == 1 and "voice_vlan" not in outcome.document
    assert outcome.status_of("vlan.voice") == "warn"
    assert outcome.document["verdict"].startswith("This phone will neither update itself")


@pytest.mark.parametrize("option", [(15, b"contoso.com"), (43, b"x"), (120, b"\0\3sip\0")])
def test_one_of_the_options_is_enough(option):
    """A VLAN that has something for phones is not taken for another: nothing is asked unasked."""
    with UdpServer(lambda query: [reply(query, [option])]) as dhcp:
        outcome = Outcome(run("--json", "--server", f"127.0.0.1:{dhcp.port}", "--relay", RELAY,
                              "--address", PHONE, *QUICK))
    assert outcome.status == 1 and "vlan.voice" not in outcome.checks
