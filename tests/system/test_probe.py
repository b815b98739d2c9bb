# SPDX-License-Identifier: MPL-2.0
"""ucprov-probe against real DHCP servers (Kea, dnsmasq, ISC dhcpd), beside a real DHCP client, and
against a server of our own that says whatever a hostile or broken one could say."""

import concurrent.futures
import contextlib
import os
import random
import re
import socket
import subprocess
import threading
import time

import pytest
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Dot1Q, Ether

from dhcp_server import DISCOVER, INFORM, NAK, good, reply, suboption
from kea import Kea, configuration, raw_option
from lab import (OTHER, PHONE, POOL, REGISTRAR, RELAY, SERVER_ADDRESS, SERVICE, URL, dhcpd, dnsmasq,
                 kea_options, on_veth)
from namespaces import in_namespace, ip, raw_socket
from phone import MS_UC, addresses, cert_prov, scapy_options, split_suboptions
from probe import PROBE, QUICK, probe, run
from processes import start
from servers import UdpServer

NOBODY = 65534

pytestmark = pytest.mark.skipif(os.geteuid() != 0,
                                reason="packet sockets and network namespaces need root")


DHCP = ("--steps", "dhcp,inform")  # alone: without an address the rest is not known


def probe_relayed(port, *arguments, relay=RELAY, address=PHONE, **settings):
    """With --server, on loopback."""
    return probe("--server", f"127.0.0.1:{port}", "--relay", relay, "--address", address, *QUICK,
                 *arguments, **settings)


# Kea

@pytest.fixture(scope="module", name="leases")
def fixture_leases(tmp_path_factory):
    return tmp_path_factory.mktemp("kea") / "leases"


@pytest.fixture(scope="module", name="kea")
def fixture_kea(leases):
    database = {"type": "memfile", "persist": True, "name": str(leases)}
    # Kea 2.6 has lease files in one folder alone.
    with Kea(configuration(**kea_options(**{"lease-database": database})),
             environment={"KEA_DHCP_DATA_DIR": str(leases.parent)}) as server:
        yield server


def count_leases(file):
    return sum(1 for line in file.read_text().splitlines() if line and line[0].isdigit())


def test_everything_passes(kea, leases):
    outcome = probe_relayed(kea.server_port)
    assert outcome.status == 0
    assert {check["severity"] for check in outcome.checks.values()} == {"pass"}, outcome.text
    assert outcome.summary_of("dhcp.offer").endswith("offered by 127.0.0.1")
    assert outcome.summary_of("dhcp.domain") == "contoso.com"
    assert outcome.summary_of("dhcp.search") == "contoso.com, emea.contoso.com"
    assert outcome.summary_of("dhcp.ntp") == "10.1.0.1, 10.1.0.2"
    assert outcome.summary_of("inform.vendor") == URL
    assert outcome.summary_of("inform.sip") == POOL
    assert outcome.document["target"]["server"] == "127.0.0.1"
    assert outcome.document["target"]["port"] == kea.server_port
    steps = [(answer["step"], answer["message"]) for answer in outcome.document["answers"]]
    assert steps == [("dhcp", "DHCPOFFER"), ("inform", "DHCPACK")]
    options = {each["code"]: each for each in outcome.document["answers"][1]["options"]}
    assert options[43]["hex"] == SERVICE.hex() and options[43]["findings"] == []
    assert options[43]["means"]["web_server"] == POOL
    assert options[120]["means"] == {"sip_server": POOL}
    assert count_leases(leases) == 0


def test_never_takes_a_lease(kea, leases):
    """Kea counts what it is sent: no REQUEST, RELEASE or DECLINE, and nothing is in the file."""
    before = {name: kea.statistic(f"pkt4-{name}-received") or 0
              for name in ("discover", "inform", "request", "release", "decline")}
    probe_relayed(kea.server_port, "--voice-vlan-discovery")
    after = {name: kea.statistic(f"pkt4-{name}-received") or 0 for name in before}
    assert {name: after[name] - before[name] for name in before} == {
        "discover": 2, "inform": 1, "request": 0, "release": 0, "decline": 0}
    assert count_leases(leases) == 0


def test_voice_vlan(kea):
    outcome = probe_relayed(kea.server_port, "--voice-vlan-discovery")
    assert outcome.status == 0
    assert outcome.status_of("vlan.voice") == "pass"
    assert "VLAN 20" in outcome.summary_of("vlan.voice")
    assert "vlan.voice" not in probe_relayed(kea.server_port).checks


def test_missing_voice_vlan_is_a_warning():
    """Boot goes on without: nobody has a voice VLAN for the phones of this subnet."""
    options = kea_options()
    del options["client-classes"]
    with Kea(configuration(**options)) as other:
        outcome = probe_relayed(other.server_port, "--voice-vlan-discovery")
    assert outcome.status_of("vlan.voice") == "warn"
    assert outcome.status_of("dhcp.offer") == "pass"


def test_unprivileged_with_reply_port(kea):
    """High ports need no permission at all."""
    outcome = probe_relayed(kea.server_port, "--reply-port", kea.client_port, user=NOBODY)
    assert outcome.status == 0, outcome.text + outcome.errors
    assert outcome.summary_of("inform.vendor") == URL


def test_unprivileged_default_says_what_it_needs(kea):
    """This Kea answers elsewhere than at our port; without permission nobody could hear port 68."""
    done = run("--server", f"127.0.0.1:{kea.server_port}", "--relay", RELAY, *QUICK, user=NOBODY)
    assert done.returncode == 2 and done.stdout == ""
    assert "cap_net_raw" in done.stderr and "--reply-port" in done.stderr


def test_link_selection(kea):
    """Option 82 sub-option 5 chooses the subnet, whatever giaddr is."""
    outcome = probe_relayed(kea.server_port, "--link", OTHER)
    assert outcome.status == 0
    assert outcome.summary_of("dhcp.offer").startswith("127.40.128.")
    assert outcome.document["target"]["link"] == OTHER


def test_text_for_people(kea):
    done = run("--server", f"127.0.0.1:{kea.server_port}", "--relay", RELAY, "--address", PHONE,
               "--mac", "00:04:f2:95:31:a2", *QUICK)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80, done.stdout
    assert "00:04:f2:95:31:a2" in lines[0]
    assert any(re.match(r" ok +15 domain +contoso\.com$", line) for line in lines), done.stdout
    assert any(re.match(r" ok +120 sip +pool01\.contoso\.com$", line) for line in lines)
    assert "\033" not in done.stdout, "colors are for terminals"
    verbose = run("-v", "--server", f"127.0.0.1:{kea.server_port}", "--relay", RELAY, "--address",
                  PHONE, *QUICK).stdout
    assert "WebServerFqdn" in verbose and URL in verbose and "DHCPACK from 127.0.0.1" in verbose


@pytest.mark.parametrize("no_color", [None, "1"])
def test_colors_only_on_a_terminal(kea, no_color):
    ours, theirs = os.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    if no_color is not None:
        environment["NO_COLOR"] = no_color
    done = subprocess.run([str(PROBE), "--server", f"127.0.0.1:{kea.server_port}", "--relay",
                           RELAY, "--address", PHONE, *QUICK], stdout=theirs, env=environment,
                          timeout=30, check=False)
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0
    assert ("\033[" in shown) == (no_color is None)


def test_vendor_set_for_everybody(kea):
    """Option 43 sent whatever option 60 says."""
    everybody = kea_options()
    everybody["option-data"] = everybody["option-data"] + [raw_option(43, SERVICE)]
    with Kea(configuration(**everybody)) as other:
        outcome = probe_relayed(other.server_port)
    assert outcome.status_of("dhcp.vendor") == "warn"
    assert outcome.status_of("inform.vendor") == "pass"


def test_kea_that_does_not_answer_inform(network):
    """The subnet admits whoever has no option 60: the phone gets an address, and no INFORM."""
    config = on_veth(**{"client-class": "ordinary"})
    config["client-classes"].append({"name": "ordinary", "test": "not option[60].exists"})
    with Kea(config, namespace=network.server):
        outcome = probe("-i", "voice0", *DHCP, *QUICK, namespace=network.client)
        text = run("-i", "voice0", *QUICK, namespace=network.client)
    assert outcome.status == 1
    assert outcome.status_of("dhcp.offer") == "pass"
    assert outcome.status_of("inform.answer") == "fail"
    assert outcome.summary_of("inform.answer") == f"{SERVER_ADDRESS} answered DISCOVER but not INFORM"
    assert outcome.status_of("inform.vendor") == "skip"
    said = " ".join(text.stdout.split())
    assert text.returncode == 1
    assert "FAIL inform" in said and "This phone will never offer PIN sign-in" in said
    assert re.search(r"a subnet must hold the phone's own address \(ciaddr 10\.20\.1\.\d+\)", said)


# Our hook

def test_hook(simple_server):
    """The whole of it: the site file's phones are served, each vlan its own."""
    def ask(address, *arguments):
        return probe_relayed(simple_server.server_port, "--link", address, *arguments)

    voice = ask("127.20.0.1", "--voice-vlan-discovery")
    assert voice.summary_of("inform.vendor") == URL
    assert voice.summary_of("inform.sip") == POOL
    assert voice.summary_of("dhcp.search") == "contoso.com, emea.contoso.com"
    assert voice.status_of("vlan.voice") == "warn", "this is the voice VLAN already"
    # The site file says nothing of routers and resolvers, and neither does this Kea.
    assert voice.status == 0
    bad = {name for name, check in voice.checks.items() if check["severity"] == "warn"}
    assert bad == {"vlan.voice", "dhcp.resolvers", "dhcp.routers"}
    data = ask("127.30.0.1", "--voice-vlan-discovery", "--address", "127.30.0.9")
    assert data.summary_of("vlan.voice") == "voice VLAN 20 (uint16)"
    assert data.status_of("inform.vendor") == data.status_of("inform.sip") == "fail"


# An interface, as the phone itself

def test_interface(network):
    """No address is configured on it: the INFORM comes from the one that was offered."""
    with Kea(on_veth(), namespace=network.server) as kea:
        outcome = probe("-i", "voice0", *DHCP, *QUICK, namespace=network.client)
        assert kea.statistic("pkt4-request-received") in (None, 0)
    assert outcome.status == 0, outcome.text
    assert outcome.summary_of("dhcp.offer") == f"10.20.1.10 offered by {SERVER_ADDRESS}"
    assert outcome.summary_of("inform.address") == "10.20.1.10, just offered, and not taken"
    assert outcome.summary_of("inform.vendor") == URL


def test_interface_with_another_hardware_address(network):
    with Kea(on_veth(), namespace=network.server):
        outcome = probe("-i", "voice0", "--mac", "00:04:f2:95:31:a2", *DHCP, *QUICK,
                        namespace=network.client)
    assert outcome.status == 0, outcome.text
    assert outcome.document["target"] == {"interface": "voice0", "mac": "00:04:f2:95:31:a2"}


def test_address_in_use(network):
    """Somebody has the offered address (statically, say): a phone would decline it."""
    config = on_veth()
    config["subnet4"][0]["pools"] = [{"pool": "10.20.1.10 - 10.20.1.10"}]
    subprocess.run(in_namespace(network.server, "ip", "address", "add", "10.20.1.10/32", "dev",
                                "voice0"), check=True)
    with Kea(config, namespace=network.server):
        outcome = probe("-i", "voice0", *DHCP, *QUICK, namespace=network.client)
    assert outcome.status_of("inform.address") == "warn"
    assert "10.20.1.10 is in use by " in outcome.summary_of("inform.address")


def test_beside_dhclient(network, tmp_path):
    """Both ask on one interface at the same time, again and again, and both get their answers."""
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\nexit 0\n")
    script.chmod(0o755)

    def bound(number):
        """It stays in the foreground: stopped when it is bound."""
        client = start(*in_namespace(
            network.client, "dhclient", "-4", "-1", "-d", "-v", "-lf", tmp_path / f"lease{number}",
            "-pf", tmp_path / f"pid{number}", "-sf", script, "voice0"))
        try:
            lines = []
            for line in client.stdout:
                lines.append(line)
                if "bound to" in line:
                    return True, lines
            return False, lines
        finally:
            client.kill()
            client.wait()

    with Kea(on_veth(), namespace=network.server), \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        for number in range(3):
            client = pool.submit(bound, number)
            outcome = pool.submit(probe, "-i", "voice0", *DHCP, *QUICK,
                                  namespace=network.client)
            got_lease, lines = client.result(20)
            assert got_lease, "".join(lines)
            assert outcome.result(20).status == 0, outcome.result().text


def test_leaves_port_68_alone(network):
    """With port 68 taken by somebody who does not share it, and with nobody there."""
    with Kea(on_veth(), namespace=network.server):
        holder = start(*in_namespace(
            network.client, "/usr/bin/python3", "-c",
            "import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
            "s.bind(('', 68)); print('bound', flush=True); time.sleep(60)"))
        try:
            assert holder.stdout.readline() == "bound\n"
            done = probe("-i", "voice0", *DHCP, *QUICK, namespace=network.client)
            assert done.status == 0, done.text
        finally:
            holder.kill()
            holder.wait()


# dnsmasq and ISC dhcpd

DNSMASQ = ("--dhcp-authoritative", "--dhcp-range=10.20.1.10,10.20.1.99,255.255.0.0,1h",
           "--dhcp-option=option:domain-search,contoso.com", "--domain=contoso.com",
           "--dhcp-option=option:ntp-server,10.1.0.1", "--dhcp-option=option:dns-server,10.1.0.53",
           "--dhcp-vendorclass=set:uc,MS-UC-Client")
DNSMASQ_SIP = "--dhcp-option-force=tag:uc,option:sip-server,pool01.contoso.com"


def test_dnsmasq_appends_an_end_octet(network, tmp_path):
    """Its vendor options made one by one: the trap. The INFORM's answer has to be had by ARP."""
    parts = ["MS-UC-Client", "https", POOL, b"443".hex(":"),
             "/CertProv/CertProvisioningService.svc"]
    one_by_one = [f"--dhcp-option=vendor:MS-UC-Client,{code},{value}"
                  for code, value in enumerate(parts, 1)]
    with dnsmasq(network.server, tmp_path, *DNSMASQ, DNSMASQ_SIP, *one_by_one):
        outcome = probe("-i", "voice0", *DHCP, *QUICK, namespace=network.client)
    assert outcome.status_of("inform.answer") == "pass", outcome.text
    assert outcome.status_of("inform.sip") == "pass"
    assert outcome.status_of("inform.vendor") == "fail"
    assert "dnsmasq" in outcome.checks["inform.vendor"]["remedy"]
    sent = outcome.document["answers"][1]["options"]
    value = next(each for each in sent if each["code"] == 43)
    assert value["hex"].endswith("ff")
    assert [each["id"] for each in value["findings"]] == ["vendor.end-octet"]
    assert (tmp_path / "dnsmasq.leases").read_text() == ""


def test_dnsmasq_with_whole_value(network, tmp_path):
    whole = "--dhcp-option-force=tag:uc,43," + SERVICE.hex(":")
    with dnsmasq(network.server, tmp_path, *DNSMASQ, DNSMASQ_SIP, whole):
        outcome = probe("-i", "voice0", *DHCP, *QUICK, namespace=network.client)
    assert outcome.status == 0, outcome.text
    assert outcome.summary_of("inform.vendor") == URL


def test_dhcpd(network, tmp_path):
    with dhcpd(network.server, tmp_path):
        outcome = probe("-i", "voice0", *DHCP, *QUICK, namespace=network.client)
    assert outcome.status == 0, outcome.text
    assert outcome.summary_of("inform.vendor") == URL
    assert "lease 10.20" not in (tmp_path / "dhcpd.leases").read_text()


def test_dhcpd_that_is_not_authoritative(network, tmp_path):
    """It offers an address, and keeps silent on INFORM: then PIN sign-in never appears."""
    with dhcpd(network.server, tmp_path, authoritative=False):
        outcome = probe("-i", "voice0", *DHCP, *QUICK, namespace=network.client)
    assert outcome.status == 1
    assert outcome.status_of("dhcp.offer") == "pass"
    assert outcome.summary_of("inform.answer") == f"{SERVER_ADDRESS} answered DISCOVER but not INFORM"
    assert "authoritative" in outcome.checks["inform.answer"]["remedy"]


# As a relay agent, to each of them on standard ports

RELAY_AGENT = "10.20.0.9"


def kea_for_relays(network, _):
    config = on_veth()
    config["interfaces-config"]["dhcp-socket-type"] = "udp"
    return Kea(config, namespace=network.server)


def dnsmasq_for_relays(network, tmp_path):
    return dnsmasq(network.server, tmp_path, *DNSMASQ, DNSMASQ_SIP,
                   "--dhcp-option-force=tag:uc,43," + SERVICE.hex(":"))


def dhcpd_for_relays(network, tmp_path):
    return dhcpd(network.server, tmp_path)


@pytest.fixture(name="relay_network")
def fixture_relay_network(network):
    ip(network.client, f"address add {RELAY_AGENT}/16 dev voice0")
    return network


def datagrams(raw):
    """The UDP datagrams that came in at a raw socket, as scapy reads them."""
    found = []
    with contextlib.suppress(BlockingIOError):
        while True:
            frame = Ether(raw.recv(65536, socket.MSG_DONTWAIT))
            if UDP in frame and 67 in (frame[UDP].sport, frame[UDP].dport):
                found.append(frame)
    return found


# Who knows RFC 8357 answers a DHCPDISCOVER at the port that it came from (None); the others, at 67.
@pytest.mark.parametrize("start, offer_port, ack_port", [
    (kea_for_relays, None, 68), (dhcpd_for_relays, 67, 68), (dnsmasq_for_relays, 67, 67)])
def test_relay_source_port(relay_network, tmp_path, start, offer_port, ack_port):
    """What all of them answer at once: sub-option 19 of two octets. RFC 8357 4.1 gives it none, which
    Kea 2.4 and later drop."""
    network = relay_network
    with start(network, tmp_path), raw_socket(network.client, "voice0") as client, \
            raw_socket(network.server, "voice0") as server:
        outcome = probe("--server", SERVER_ADDRESS, *QUICK, namespace=network.client)
        queries, answers = datagrams(server), datagrams(client)
    assert outcome.status_of("dhcp.offer") == outcome.status_of("inform.answer") == "pass"
    assert outcome.summary_of("inform.vendor") == URL
    assert outcome.document["target"]["relay"] == RELAY_AGENT
    assert len(queries) == len(answers) == 2, "no try was in vain"
    (port,) = {query[UDP].sport for query in queries}
    assert port not in (67, 68)
    for query in queries:
        (agent,) = scapy_options(bytes(query[UDP].payload))["relay_agent_information"]
        assert split_suboptions(agent) == [(19, b"\0\0")]
    assert [answer[UDP].dport for answer in answers] == [offer_port or port, ack_port]
    assert {answer[IP].dst for answer in answers} == {RELAY_AGENT}


@pytest.mark.parametrize("start, verdict", [
    (kea_for_relays, "pass"), (dhcpd_for_relays, "fail"), (dnsmasq_for_relays, "fail")])
def test_relay_reply_port(relay_network, tmp_path, start, verdict):
    """No other port is looked at: only who knows RFC 8357 answers there."""
    with start(relay_network, tmp_path):
        outcome = probe("--server", SERVER_ADDRESS, "--reply-port", "40067", "--steps", "dhcp",
                        *QUICK, namespace=relay_network.client)
    assert outcome.status_of("dhcp.offer") == verdict


# A server that says anything

FIXED = 236


def probe_fake(script, *arguments, **settings):
    with UdpServer(script) as server:
        outcome = probe_relayed(server.port, "--timeout", "0.3", "--wait", "0.1", *arguments,
                                **settings)
        outcome.queries = server.queries
    return outcome


def test_fake_server_is_believed():
    outcome = probe_fake(lambda query: [good(query)])
    assert outcome.status == 0, outcome.text
    assert {check["severity"] for check in outcome.checks.values()} == {"pass"}


def test_queries_are_as_documented():
    """What goes out, read with nobody's code but this: RFC 2131 2."""
    outcome = probe_fake(lambda query: [good(query)], "--voice-vlan-discovery", "--mac",
                         "00:04:f2:95:31:a2", "--link", "127.40.0.1")
    ocphone, discover, inform = outcome.queries
    assert len({query[4:8] for query in outcome.queries}) == 3, "an xid of its own for each"
    for query in outcome.queries:
        assert len(query) == 300
        assert query[:4] == bytes([1, 1, 6, 1])
        assert query[24:28] == socket.inet_aton(RELAY)
        assert query[28:44] == bytes.fromhex("0004f29531a2") + bytes(10)
        assert query[44:236] == bytes(192)

    def options(query):
        found, at = {}, 240
        while query[at] != 255:
            found[query[at]] = query[at + 2:at + 2 + query[at + 1]]
            last, at = query[at], at + 2 + query[at + 1]
        assert last == 82, "RFC 3046 2.1: the last option"
        assert query[at + 1:] == bytes(len(query) - at - 1)
        return found

    agent = b"\x05\x04" + socket.inet_aton("127.40.0.1") + b"\x13\x02\0\0"
    ordinary = bytes([1, 3, 6, 15, 42, 43, 44, 46, 47, 119])
    assert options(ocphone) == {53: b"\x01", 60: b"CPE-OCPHONE", 55: ordinary, 82: agent}
    assert options(discover) == {53: b"\x01", 55: ordinary, 82: agent}
    assert options(inform) == {53: b"\x08", 60: MS_UC, 55: b"\x78\x2b", 82: agent}
    assert [query[10:12] for query in outcome.queries] == [b"\x80\0", b"\x80\0", b"\0\0"]
    assert [query[12:16] for query in outcome.queries] == [bytes(4), bytes(4),
                                                          socket.inet_aton(PHONE)]
    voiced = probe_fake(lambda query: [good(query)], "--vendor-class", "Polycom-CX600")
    assert options(voiced.queries[0])[60] == b"Polycom-CX600"


def agent_of(query):
    """The sub-options of a query's option 82, which is the last option."""
    (agent,) = scapy_options(query)["relay_agent_information"]
    return dict(split_suboptions(agent))


def test_relay_as_kea_reads_it():
    """Kea 2.6 and 3.0 drop a message in which sub-option 19 has fewer than two octets, or 5 is not
    an address. The first try has neither, in every message."""
    def script(query):
        agent = agent_of(query)
        dropped = len(agent[19]) < 2 or len(agent.get(5, bytes(4))) != 4
        return [] if dropped else [good(query)]

    for link in ((), ("--link", OTHER)):
        outcome = probe_fake(script, "--tries", "1", "--voice-vlan-discovery", *link)
        assert outcome.status_of("dhcp.offer") == outcome.status_of("inform.answer") == "pass"
        assert len(outcome.queries) == 3


@pytest.mark.parametrize("tries, sent", [(1, [2]), (2, [2, 2]), (3, [2, 2, 0]), (4, [2, 2, 2, 0])])
def test_relay_to_the_letter(tries, sent):
    """RFC 8357 4.1: sub-option 19 has no octets. The last of many tries is for who insists on it."""
    def script(query):
        return [good(query)] if agent_of(query)[19] == b"" else []

    outcome = probe_fake(script, "--tries", str(tries), "--steps", "dhcp")
    assert [len(agent_of(query)[19]) for query in outcome.queries] == sent
    assert outcome.status_of("dhcp.offer") == ("pass" if 0 in sent else "fail")


def test_silence():
    started = time.monotonic()
    outcome = probe_fake(lambda query: [])
    assert time.monotonic() - started < 3
    assert outcome.status == 1
    assert outcome.status_of("dhcp.offer") == outcome.status_of("inform.answer") == "fail"
    assert len(outcome.queries) == 4, "two tries each"
    assert outcome.queries[0][4:8] == outcome.queries[1][4:8]


def test_lost_datagram_is_asked_again():
    seen = []

    def script(query):
        seen.append(query[4:8])
        return [good(query)] if seen.count(query[4:8]) == 2 else []

    assert probe_fake(script).status == 0


def test_answers_for_others_are_ignored():
    """Wrong xid, another's hardware address, a request: none of it is an answer to us."""
    def script(query):
        return [good(query, xid=b"\1\2\3\4"), good(query, chaddr=b"\2" * 6 + bytes(10)),
                good(query, op=1), b"", b"\2", bytes(300), good(query)[:239]]

    outcome = probe_fake(script)
    assert outcome.status == 1
    assert outcome.status_of("dhcp.offer") == "fail"
    assert outcome.status_of("dhcp.malformed") == "pass", "not ours to complain about"


def test_answers_for_others_do_no_harm():
    poison = [(15, b"evil.example"), (43, b"\1\1x"), (120, b"\1\1\2\3\4")]

    def script(query):
        return [reply(query, poison, xid=b"\1\2\3\4"), good(query),
                reply(query, poison, chaddr=b"\2" * 6 + bytes(10))]

    outcome = probe_fake(script)
    assert outcome.status == 0
    assert outcome.summary_of("dhcp.domain") == "contoso.com"


def test_late_answers_are_not_taken_for_the_next_question():
    """The offer comes when the probe has gone on to INFORM: it answers nothing any more."""
    def script(query):
        return [0.45, good(query)] if query[242] == DISCOVER else [good(query)]

    outcome = probe_fake(script, "--tries", "1")
    assert outcome.status == 1
    assert outcome.status_of("dhcp.offer") == "fail"
    assert outcome.status_of("inform.answer") == "pass"


def test_duplicates_count_once():
    outcome = probe_fake(lambda query: [good(query)] * 20)
    assert outcome.status == 0
    assert len(outcome.document["answers"]) == 2
    assert {check["severity"] for check in outcome.checks.values()} == {"pass"}


def test_discover_but_not_inform():
    outcome = probe_fake(lambda query: [good(query)] if query[242] == DISCOVER else [])
    assert outcome.status == 1
    assert outcome.summary_of("inform.answer") == f"{RELAY} answered DISCOVER but not INFORM"
    assert f"(ciaddr {PHONE})" in outcome.checks["inform.answer"]["remedy"]


def test_two_servers_agree():
    outcome = probe_fake(lambda query: [good(query), good(query, server="127.20.0.2",
                                                          yiaddr="127.20.0.78")])
    assert outcome.status == 0
    assert outcome.summary_of("dhcp.offer") == \
        "127.20.0.77 offered by 127.20.0.1; 127.20.0.78 offered by 127.20.0.2"
    assert outcome.status_of("inform.servers") == "pass"
    assert outcome.summary_of("inform.servers") == "127.20.0.1, 127.20.0.2"


def test_two_servers_disagree():
    """Both are shown, and that they differ is a finding."""
    def script(query):
        return [good(query),
                reply(query, [(15, b"fabrikam.com"), (6, addresses("10.1.0.53"))]
                      if query[242] == DISCOVER else
                      [(43, cert_prov("pool02.contoso.com")), (120, REGISTRAR)],
                      server="127.20.0.2")]

    outcome = probe_fake(script)
    assert outcome.status == 0, "a warning: either of them would do"
    assert outcome.status_of("dhcp.servers") == outcome.status_of("inform.servers") == "warn"
    assert outcome.summary_of("dhcp.domain") == \
        "127.20.0.1: contoso.com; 127.20.0.2: fabrikam.com"
    assert outcome.status_of("dhcp.search") == "warn", "one of them does not send it"
    assert "127.20.0.1: https://pool01" in outcome.summary_of("inform.vendor")
    assert "127.20.0.2: https://pool02" in outcome.summary_of("inform.vendor")
    for good_too, status in ((False, 1), (True, 0)):
        with UdpServer((lambda query: [good(query)]) if good_too else script) as server:
            strict = run("--server", f"127.0.0.1:{server.port}", "--relay", RELAY, "--address", PHONE,
                         "--strict", *QUICK)
        assert strict.returncode == status, strict.stdout
    assert len(outcome.document["answers"]) == 4


def test_text_says_all_that_json_says():
    """Wrapped within 80 columns, and no word lost: each remedy below what it is for."""
    def script(query):
        return [good(query), reply(query, [(15, b"fabrikam.com")] if query[242] == DISCOVER else
                                   [(43, SERVICE + b"\xff"), (120, POOL.encode())],
                                   server="127.20.0.2")]

    outcome = probe_fake(script)
    with UdpServer(script) as server:
        text = run("--server", f"127.0.0.1:{server.port}", "--relay", RELAY, "--address", PHONE,
                   *QUICK).stdout
    assert max(map(len, text.splitlines())) <= 80, text
    said = " ".join(text.split())
    for check in outcome.checks.values():
        if check["severity"] in ("warn", "fail"):
            assert " ".join(check["remedy"].split()) in said, text
    failure = ["->", *outcome.checks["inform.vendor"]["remedy"].split()[:4]]
    assert any(line.split()[:5] == failure for line in text.splitlines())


def test_one_bad_server_among_two():
    """The good one comes first; what the other says is a failure all the same."""
    def script(query):
        return [good(query)] if query[242] == DISCOVER else [
            good(query), reply(query, [(43, SERVICE[:-1]), (120, POOL.encode())],
                               server="127.20.0.2")]

    outcome = probe_fake(script)
    assert outcome.status == 1
    assert outcome.status_of("inform.vendor") == outcome.status_of("inform.sip") == "fail"


def test_one_of_two_is_silent_on_inform():
    def script(query):
        return [good(query), good(query, server="127.20.0.2")] if query[242] == DISCOVER \
            else [good(query)]

    outcome = probe_fake(script)
    assert outcome.status == 0
    assert outcome.status_of("inform.silent") == "warn"
    assert outcome.summary_of("inform.silent") == "127.20.0.2 answered DISCOVER but not INFORM"


MALFORMED = {
    "option 43 ends before its length": lambda query: good(query, end=b"\x2b\x55\x01"),
    "option 12 ends before its length": lambda query: good(query, end=b"\x0c"),
    "option 54": lambda query: good(query, server=None),
    "option 53": lambda query: good(query)[:240] + bytes(3) + good(query)[243:],
    "option 52 (overload)": lambda query: good(query, end=b"\x34\x01\x04\xff"),
    "option 15 ends before its length": lambda query: good(
        query, end=b"\x34\x01\x01\xff", file=bytes([15, 200])),
    "DHCPNAK": lambda query: good(query, kind=NAK),
    "message type": lambda query: good(query, kind=3),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_answers_never_pass(what):
    outcome = probe_fake(lambda query: [MALFORMED[what](query)])
    assert outcome.status == 1
    assert outcome.status_of("dhcp.offer") == "fail"
    assert what in outcome.summary_of("dhcp.malformed")
    beside = probe_fake(lambda query: [MALFORMED[what](query), good(query)])
    assert beside.status == 0, "the good answer counts; the other is worth a warning"
    assert beside.status_of("dhcp.malformed") == "warn"
    assert beside.summary_of("dhcp.domain") == "contoso.com"


def test_offer_of_no_address():
    outcome = probe_fake(lambda query: [good(query, yiaddr="0.0.0.0")])
    assert outcome.status == 1
    assert "offers no address" in outcome.summary_of("dhcp.malformed")


def test_overload_and_split_options():
    """RFC 3396: pieces in the options field, then file, then sname, put together in this order."""
    def script(query):
        if query[242] == INFORM:
            half = len(SERVICE) // 2
            return [reply(query, [(52, b"\3"), (43, SERVICE[:half])],
                          file=suboption(43, SERVICE[half:]) + b"\xff",
                          sname=suboption(120, REGISTRAR) + b"\xff")]
        return [good(query)]

    outcome = probe_fake(script)
    assert outcome.summary_of("inform.vendor") == URL
    assert outcome.summary_of("inform.sip") == POOL
    assert outcome.status == 0
    assert outcome.status_of("inform.vendor") == "warn"
    assert "2 pieces" in outcome.checks["inform.vendor"]["remedy"]


def test_everything_is_escaped():
    """What comes from the network cannot write to the operator's terminal."""
    evil = b"\x1b[2J\x07\xff\n\"\\<evil>"
    service = cert_prov("x").replace(b"\x03\x01x", suboption(3, evil))
    names = suboption(0, b"")[:1] + bytes([len(evil)]) + evil + b"\0"

    def script(query):
        return [reply(query, [(15, evil), (119, names[1:]), (3, b"\1"), (6, b""), (42, evil)]
                      if query[242] == DISCOVER else [(43, service), (120, names)])]

    outcome = probe_fake(script)
    assert outcome.status == 1
    with UdpServer(script) as server:
        text = run("-v", "--server", f"127.0.0.1:{server.port}", "--relay", RELAY, "--address",
                   PHONE, *QUICK).stdout
    assert text.replace("\n", "").isascii() and text.replace("\n", "").isprintable(), text


def test_random_answers_never_crash():
    """Noise, and good answers with noise in them: a verdict each time, in bounded time."""
    noise = random.Random(20)

    def mutate(octets):
        octets = bytearray(octets)
        for _ in range(noise.randrange(1, 6)):
            octets[noise.randrange(44, len(octets))] = noise.randrange(256)
        return bytes(octets[:noise.randrange(200, len(octets) + 1)])

    def script(query):
        head = query[4:8]
        return [mutate(good(query)) for _ in range(40)] + \
            [b"\2\1\6\0" + head + noise.randbytes(noise.randrange(1500)) for _ in range(20)] + \
            [query[:4].replace(b"\1", b"\2", 1) + query[4:240] + noise.randbytes(9000)]

    for _ in range(3):
        assert probe_fake(script).status in (0, 1)


def test_flood_ends():
    """More servers than anybody has: bounded memory, bounded time, and a warning."""
    def script(query):
        return [good(query, server=f"127.20.1.{number}", yiaddr=f"127.20.2.{number}")
                for number in range(1, 101)]

    outcome = probe_fake(script)
    assert len(outcome.document["answers"]) == 32
    assert outcome.status_of("dhcp.malformed") == "warn"


def test_frames_that_are_no_answers(network):
    """On the wire: wrong UDP checksum, a fragment, a tagged frame, a length beyond the frame."""
    def frames(query):
        ether = Ether(src="02:00:00:00:00:01", dst="ff:ff:ff:ff:ff:ff")
        ip = IP(src=SERVER_ADDRESS, dst="255.255.255.255")
        udp = UDP(sport=67, dport=68)
        answer = good(query, server=SERVER_ADDRESS)
        long = UDP(sport=67, dport=68, len=len(answer) + 400)
        bad = [ether / ip / UDP(sport=67, dport=68, chksum=0x1234) / answer,
               ether / IP(src=SERVER_ADDRESS, dst="255.255.255.255", flags="MF") / udp / answer,
               ether / IP(src=SERVER_ADDRESS, dst="255.255.255.255", chksum=1) / udp / answer,
               ether / Dot1Q(vlan=7) / ip / udp / answer,
               ether / ip / long / answer,
               ether / ip / UDP(sport=67, dport=4011) / answer]
        return [bytes(each) for each in bad], bytes(ether / ip / udp / answer)

    def serve(raw, mode):
        while not done.is_set():
            try:
                frame = raw.recv(65536)
            except TimeoutError:
                continue
            if len(frame) >= 342 and frame[12:14] == b"\x08\0" and frame[42] == 1:
                bad, fine = frames(frame[42:])
                for each in bad + ([fine] if mode == "fine" else []):
                    raw.send(each)

    verdicts = {}
    for mode in ("bad", "fine"):
        done = threading.Event()
        raw = raw_socket(network.server, "voice0")
        raw.settimeout(0.1)
        thread = threading.Thread(target=serve, args=(raw, mode))
        thread.start()
        try:
            verdicts[mode] = probe("-i", "voice0", *DHCP, *QUICK, namespace=network.client)
        finally:
            done.set()
            thread.join()
            raw.close()
    assert verdicts["bad"].status_of("dhcp.offer") == "fail"
    assert "was damaged" in verdicts["bad"].checks["dhcp.offer"]["remedy"]
    assert verdicts["fine"].status == 0, verdicts["fine"].text


# Usage

@pytest.mark.parametrize("arguments, said", [
    ((), "either an interface"),
    (("-i", "lo", "--server", "127.0.0.1"), "--interface and --server: give one or the other"),
    (("-i", "lo"), "not an Ethernet interface"),
    (("-i", "nosuch0"), "no interface of this name"),
    (("-i", "lp"), 'no interface of this name; did you mean "lo"?'),
    (("-i", "x" * 300), "no interface of this name"),
    (("--server", "localhost"), "not an IPv4 address"),
    (("--server", "127.0.0.1:0"), "not a port"),
    (("--server", "127.0.0.1:70000"), "not a port"),
    (("--server", "127.0.0.1", "--address", "192.0.2.1"), "not an address of this machine"),
    (("--server", "127.0.0.1", "--relay", "192.0.2.1"), "not an address of this machine"),
    (("--server", "127.0.0.1", "--relay", "0.0.0.0"), "not an IPv4 address"),
    (("-i", "lo", "--link", "10.0.0.1"), "--link: goes with --server, not with --interface"),
    (("--steps", "time", "--ntp", "10.0.0.1", "--mac", "00:04:f2:00:00:01"),
     "--mac: goes with --interface or --server"),
    (("-i", "lo", "--mac", "01:00:5e:00:00:01"), "hardware address"),
    (("-i", "lo", "--mac", "00:04:f2"), "hardware address"),
    (("-i", "lo", "--tries", "9"), "1 to 8"),
    (("-i", "lo", "--timeout", "nan"), "seconds"),
    (("-i", "lo", "--timeout", "-1"), "seconds"),
    (("-i", "lo", "--wait", "1h"), "seconds"),
    (("-i", "lo", "--vendor-class", "x" * 300), "64 octets"),
    (("-i", "lo", "--vendor-class", ""), "1 to 64 octets"),
    (("--server", "127.0.0.1", "--link", ""), "not an IPv4 address"),
    (("--server", "127.0.0.1", "--link", "0.0.0.0"), "not an IPv4 address"),
    (("-i", "lo", "operand"), '"operand": every argument needs its option'),
    (("expalin", "0x2F0D/0"), 'no such command; did you mean "explain"?'),
    (("--inteface", "lo"), 'no such option; did you mean "--interface"?'),
    (("--nonsense",), "--help"),
])
def test_wrong_usage(arguments, said):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_no_permission():
    done = run("-i", "lo", user=NOBODY)
    assert done.returncode == 2
    assert "CAP_NET_RAW" in done.stderr and "setcap cap_net_raw+ep" in done.stderr


def test_interface_that_is_down(network):
    ip(network.client, "link set voice0 down")
    done = run("-i", "voice0", namespace=network.client)
    assert done.returncode == 2 and "is down: ip link set voice0 up\n" in done.stderr


def test_help_and_version():
    done = run("--help")
    assert done.returncode == 0 and "--voice-vlan-discovery" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 90
    assert re.fullmatch(r"ucprov-probe \d+\.\d+\.\d+\n", run("--version").stdout)


def test_closed_output(kea):
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([str(PROBE), "--server", f"127.0.0.1:{kea.server_port}", "--relay",
                               RELAY, "--address", PHONE, *QUICK], stdout=full, timeout=30,
                              stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2 and "standard output: " in done.stderr
