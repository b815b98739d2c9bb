# SPDX-License-Identifier: MPL-2.0
"""The traps that phones fall into, each set in servers that are not ours: ISC dhcpd, dnsmasq, a Kea
without the hook, nginx, openssl. What ucprov-probe must say of each, and must not; and what it
makes of a bad network.

The octets are written out here by hand, and what the server sent is compared with them."""

import concurrent.futures
import heapq
import itertools
import os
import random
import select
import socket
import threading
import time
import types

import pytest

import certificates
import lab
from kea import Kea, raw_option
from lab import DOMAINS, NAMES, PATH, POOL, SERVER_ADDRESS, UPDATES, URL, on_veth
from namespaces import ETH_P_ALL, Network, ip, raw_socket
from probe import Outcome, run

pytestmark = pytest.mark.skipif(os.geteuid() != 0,
                                reason="packet sockets and network namespaces need root")

QUICK = ("--timeout", "1", "--tries", "2", "--wait", "0.1")
PHONE = "10.20.0.9"
BARE = "10.20.0.3"  # a resolver that knows no SRV record, and no time.windows.com
SERVERS = ("dhcpd", "dnsmasq", "kea")

# Option 43 for MS-UC-Client, a sub-option a line
IDENTIFIER = "010c 4d532d55432d436c69656e74"
SCHEME = "0205 6874747073"
WEB_SERVER = "0312 706f6f6c30312e636f6e746f736f2e636f6d"
PORT = "0403 343433"
SERVICE_PATH = "0525 2f4365727450726f762f4365727450726f766973696f6e696e67536572766963652e737663"
SERVICE = IDENTIFIER + SCHEME + WEB_SERVER + PORT + SERVICE_PATH

# And 120: encoding 0, pool01.contoso.com
REGISTRAR = "00 06706f6f6c3031 07636f6e746f736f 03636f6d 00"


class Trap:
    """Octets of options 43 and 120, and what the probe has to say of them: the check that fails,
    the finding, and words of the detail that name the trap and its remedy. `legible`: the probe
    makes out where the service is all the same, and looks at it. `dnsmasq`: 120 in its own words,
    since it does not take octets there, and always ends a name."""

    def __init__(self, check, finding, *words, vendor=SERVICE, sip=REGISTRAR, legible=True,
                 servers=SERVERS, dnsmasq=POOL):
        self.check, self.finding, self.words = check, finding, words
        self.vendor, self.sip = bytes.fromhex(vendor), bytes.fromhex(sip)
        self.legible, self.servers, self.dnsmasq = legible, servers, dnsmasq


# lyncweb01.emea.contoso.com: 93 octets in all.
LONG = IDENTIFIER + SCHEME + "031a 6c796e6377656230312e656d65612e636f6e746f736f2e636f6d" + \
    PORT + SERVICE_PATH

FINE = Trap("", "")
TRAPS = {
    "cut-90": Trap(
        "inform.vendor", "vendor.cut-90", "cut at 90 octets", "Cisco IOS",
        'Use "option ext 43 hex"', vendor=bytes.fromhex(LONG)[:90].hex(), legible=False),
    "port-integer": Trap(
        "inform.vendor", "vendor.port-integer", "Sub-option 4 (WebServerPort) is an integer, 01bb",
        "Send the port as text: 443 is the octets 343433",
        vendor=IDENTIFIER + SCHEME + WEB_SERVER + "0402 01bb" + SERVICE_PATH),
    "nul-terminated": Trap(
        "inform.vendor", "vendor.nul", "Sub-option 3 (WebServerFqdn) has octet 0 at place 19",
        "Send unterminated ASCII", "as Windows' does",
        vendor="010d 4d532d55432d436c69656e7400" "0206 687474707300"
               "0313 706f6f6c30312e636f6e746f736f2e636f6d00" "0404 34343300"
               "0526 2f4365727450726f762f4365727450726f766973696f6e696e67536572766963652e73766300"),
    "trailing-255": Trap(
        "inform.vendor", "vendor.end-octet", "Octet 255 after the last sub-option (octet 86",
        "Send the sub-options alone", vendor=SERVICE + "ff"),
    "wrong-case": Trap(
        "inform.vendor", "vendor.identifier-case", 'Sub-option 1 (UCIdentifier) is "ms-uc-client"',
        "Write it MS-UC-Client: case matters",
        vendor="010c 6d732d75632d636c69656e74" + SCHEME + WEB_SERVER + PORT + SERVICE_PATH),
    "sip-ascii": Trap(
        "inform.sip", "sip.ascii", f'a bare ASCII name, "{POOL}"', "Send octet 0, then one name",
        sip="706f6f6c30312e636f6e746f736f2e636f6d", servers=("dhcpd", "kea")),
    "sip-address": Trap(
        "inform.sip", "sip.encoding-ip", "encoding for IPv4 addresses",
        "Send octet 0, then one name", sip="01 0a01010a", dnsmasq="10.1.1.10"),
    "sip-two-names": Trap(
        "inform.sip", "sip.two-names", 'a second name, "lync.fabrikam.net"',
        "Send one name, that of the registrar",
        sip=REGISTRAR + "046c796e63 0866616272696b616d 036e6574 00",
        dnsmasq=f"{POOL},lync.fabrikam.net"),
    "sip-no-root": Trap(
        "inform.sip", "sip.no-root", "ends without the root label", "Add an octet 0 at the end",
        sip="00 06706f6f6c3031 07636f6e746f736f 03636f6d", servers=("dhcpd", "kea")),
}


# The servers: options 43 and 120 go to MS-UC-Client, or to everybody.

def dhcpd(site, trap, everybody=False, silent=False, ntp=SERVER_ADDRESS, resolver=SERVER_ADDRESS):
    return lab.dhcpd(site.network.server, site.directory, trap.vendor, trap.sip, everybody,
                     authoritative=not silent, ntp=ntp, resolver=resolver)


def dnsmasq(site, trap, everybody=False, silent=False, ntp=SERVER_ADDRESS, resolver=SERVER_ADDRESS):
    tag = "" if everybody else "tag:uc,"
    return lab.dnsmasq(
        site.network.server, site.directory, "--dhcp-authoritative", "--leasefile-ro",
        "--dhcp-range=10.20.1.10,10.20.1.99,255.255.0.0,1h", "--domain=contoso.com",
        f"--dhcp-option=option:domain-search,{','.join(DOMAINS)}",
        f"--dhcp-option=option:dns-server,{resolver}",
        *([f"--dhcp-option=option:ntp-server,{ntp}"] if ntp else []),
        "--dhcp-vendorclass=set:uc,MS-UC-Client", *(["--dhcp-ignore=tag:uc"] if silent else []),
        f"--dhcp-option-force={tag}43,{trap.vendor.hex(':')}",
        f"--dhcp-option-force={tag}option:sip-server,{trap.dnsmasq}")


def kea(site, trap, everybody=False, silent=False, ntp=SERVER_ADDRESS, resolver=SERVER_ADDRESS):
    """Its own definition of 43 reads the sub-options, and drops one that is cut: hence another."""
    config = on_veth(**({"client-class": "ordinary"} if silent else {}))
    values = {"ntp-servers": ntp, "domain-name-servers": resolver, "routers": SERVER_ADDRESS}
    options = [{**each, "data": values.get(each["name"], each["data"])}
               for each in config["option-data"]]
    ours = [raw_option(43, trap.vendor), raw_option(120, trap.sip)]
    config["option-data"] = [each for each in options if each["data"]] + (ours if everybody else [])
    binary = {"name": "vendor-encapsulated-options", "code": 43, "type": "binary"}
    config["client-classes"] = [
        {"name": "uc", "test": "option[60].text == 'MS-UC-Client'", "option-data": ours,
         "option-def": [binary]},
        {"name": "ordinary", "test": "not option[60].exists"}]
    return Kea(config, namespace=site.network.server)


START = {"dhcpd": dhcpd, "dnsmasq": dnsmasq, "kea": kea}


@pytest.fixture(scope="module", name="site")
def fixture_site(tmp_path_factory):
    """All that is behind DHCP, and in order: what goes wrong does so because of the trap."""
    directory = tmp_path_factory.mktemp("site")
    authority = certificates.Authority(directory / "ca", "Contoso Root CA")
    certificate = authority.server(UPDATES, names=[*NAMES, POOL]).files
    plain = [record for record in lab.site_records(SERVER_ADDRESS)
             if " A " in record and "ntp." not in record]
    with Network({"voice0": SERVER_ADDRESS + "/16"}) as network:
        ip(network.client, f"address add {PHONE}/16 dev voice0")
        ip(network.server, f"address add {BARE}/16 dev voice0")
        with lab.behind_dhcp(directory, authority, certificate, SERVER_ADDRESS, network.server), \
                lab.unbound(directory / "bare", BARE, namespace=network.server, records=plain):
            yield types.SimpleNamespace(network=network, directory=directory)


def boot(site, server, trap=FINE, **settings):
    """All steps, on standard ports. What it promises is looked at in every boot."""
    with START[server](site, trap, **settings):
        outcome = Outcome(run("--json", "-i", "voice0", *QUICK, namespace=site.network.client))
    if outcome.status != 0:
        assert "will update itself" not in outcome.document["verdict"]
        assert "can sign in" not in outcome.document["verdict"]
    return outcome


def sent(outcome, code):
    """An option of the DHCPINFORM's answer, as it was on the wire, and what is wrong with it."""
    answer, = (each for each in outcome.document["answers"] if each["step"] == "inform")
    return next(each for each in answer["options"] if each["code"] == code)


def bad(outcome):
    """The checks that do not pass."""
    return {name: check["severity"] for name, check in outcome.checks.items()
            if check["severity"] not in ("pass", "wait")}


def missing(outcome, check, *words):
    """Those of the words that are not in what is shown of a check."""
    shown = outcome.summary_of(check) + "\n" + outcome.checks[check]["remedy"]
    return [each for each in words if each not in shown]


# dhcpd and dnsmasq compress option 119, which is a warning.
COMPRESSED = {"dhcpd": {"dhcp.search": "warn"}, "dnsmasq": {"dhcp.search": "warn"}, "kea": {}}


@pytest.mark.parametrize("server", SERVERS)
def test_without_a_trap(site, server):
    """The same servers, options and names, but right: nothing is found."""
    outcome = boot(site, server)
    assert outcome.status == 0, outcome.text
    assert bad(outcome) == COMPRESSED[server]
    assert sent(outcome, 43)["hex"] == SERVICE.replace(" ", "")
    assert sent(outcome, 120)["hex"] == REGISTRAR.replace(" ", "")
    assert outcome.document["verdict"].startswith(
        "This phone will update itself and can sign in with a PIN")


@pytest.mark.parametrize("name, server", [
    (name, server) for name, trap in TRAPS.items() for server in trap.servers])
def test_octets(site, name, server):
    """Wrong octets: the check fails and says why. No SRV record stands in for option 120."""
    trap = TRAPS[name]
    outcome = boot(site, server, trap, resolver=BARE)
    assert outcome.status == 1
    assert sent(outcome, 43)["hex"] == trap.vendor.hex()
    assert sent(outcome, 120)["hex"] == trap.sip.hex()
    wrong = sent(outcome, 43 if trap.check == "inform.vendor" else 120)
    assert {each["id"] for each in wrong["findings"]} == {trap.finding}
    assert not missing(outcome, trap.check, *trap.words)
    expected = {trap.check: "fail", "names.sign-in": "warn", **COMPRESSED[server]}
    if trap.check == "inform.sip":
        expected.update({"names.sign-in": "fail", "registrar.tls": "skip"})
        assert "sip_server" not in outcome.document["learned"]
    elif not trap.legible:
        expected.update({check: "skip" for check in ("chain.http", "update.certificate",
                                                     "registrar.tls")})
        assert "url" not in outcome.document["learned"]
        for check in ("update.certificate", "registrar.tls"):
            assert "not known without the chain" in outcome.summary_of(check)
    assert bad(outcome) == expected
    assert outcome.document["verdict"] == "This phone cannot sign in with a PIN."


@pytest.mark.parametrize("server", SERVERS)
def test_vendor_set_for_everybody(site, server):
    """Option 43 whatever option 60 says: others suffer, this phone does not."""
    outcome = boot(site, server, everybody=True)
    assert outcome.status == 0, outcome.text
    assert bad(outcome) == {"dhcp.vendor": "warn", **COMPRESSED[server]}
    assert not missing(outcome, "dhcp.vendor", SERVER_ADDRESS,
                       "sends the phones' option 43 to a client without option 60",
                       "Send it only where option 60 is MS-UC-Client")
    assert "with the reservations above" in outcome.document["verdict"]


@pytest.mark.parametrize("server", SERVERS)
def test_inform_unanswered(site, server):
    """dhcpd is not authoritative, dnsmasq ignores the class, Kea's subnet does not admit it."""
    outcome = boot(site, server, silent=True)
    assert outcome.status == 1
    assert not missing(outcome, "inform.answer",
                       f"{SERVER_ADDRESS} answered DISCOVER but not INFORM",
                       "will never offer PIN sign-in", "In Kea, a subnet must hold",
                       f"(ciaddr {PHONE})", "ISC dhcpd must be authoritative")
    assert bad(outcome) == {
        "inform.answer": "fail", "inform.vendor": "skip", "inform.sip": "skip",
        "inform.servers": "skip", "chain.http": "skip", "update.certificate": "skip",
        "registrar.tls": "skip", **COMPRESSED[server]}
    assert outcome.document["verdict"] == "This phone cannot sign in with a PIN."


@pytest.mark.parametrize("server", SERVERS)
def test_no_time_anywhere(site, server):
    """No option 42, no SRV record, no time.windows.com."""
    outcome = boot(site, server, ntp=None, resolver=BARE)
    assert outcome.status == 1
    assert not missing(outcome, "dhcp.ntp", "not sent", "Without time no TLS works",
                       "Send option 42")
    assert not missing(outcome, "time.answer", "no time source: neither option 42, nor SRV "
                       "_ntp._udp", "time.windows.com", "nothing else does either",
                       "Send option 42")
    assert bad(outcome) == {"dhcp.ntp": "warn", "time.answer": "fail", "names.time": "warn",
                            "names.sign-in": "warn", **COMPRESSED[server]}
    assert "clock_offset" not in outcome.document["learned"]
    assert outcome.document["verdict"] == \
        "This phone will neither update itself nor sign in with a PIN."


# Certificates. What comes of them is seen by update server, web server and registrar alike.

WEB = "web01.contoso.com"


class Issuing:
    """A root and an issuing CA, and a registrar's certificate."""

    def __init__(self, directory):
        root = certificates.Authority(directory, "Contoso Root")
        self.issuing = root.authority("Contoso Issuing CA")
        self.registrar = root.server(POOL, names=[POOL]).files

    def lab(self, directory, names, web=POOL, chain=True, **settings):
        made = self.issuing.server(names[0], names=names)
        records = [*lab.site_records("127.0.0.1"), f"{WEB}. A 127.0.0.1"]
        with lab.Lab(directory, self.issuing, made.files if chain else (made.certificate, made.key),
                     records=records, registrar=self.registrar, **settings) as site:
            return site.probe("names,update,chain,sign-in", url=f"https://{web}{PATH}")


@pytest.fixture(scope="module", name="issuing")
def fixture_issuing(tmp_path_factory):
    return Issuing(tmp_path_factory.mktemp("pki"))


def wrong_with(outcome, key):
    """What is wrong with a server's certificate."""
    return {each["id"] for each in outcome.document["certificates"][key]
            if each["severity"] in ("warn", "fail")}


def test_certificate_with_its_chain(tmp_path, issuing):
    """nginx with a chain file: the server's own certificate, and the issuing CA's behind it."""
    outcome = issuing.lab(tmp_path, [*NAMES, POOL])
    assert outcome.status == 0, outcome.text
    assert bad(outcome) == {}
    for key in ("update", "web", "registrar"):
        assert wrong_with(outcome, key) == set()
    assert outcome.summary_of("chain.http").startswith("Contoso Root (expires ")


def test_certificate_alone(tmp_path, issuing):
    """nginx with the server's own certificate alone."""
    outcome = issuing.lab(tmp_path, [*NAMES, POOL], chain=False)
    assert outcome.status == 0, "phones may take the CA from the chain: not known"
    assert bad(outcome) == {"update.certificate": "warn", "chain.https": "warn"}
    for check in bad(outcome):
        assert not missing(outcome, check, "the server sends no issuing CA", "is not known",
                           "Have the server send its certificate and every issuing CA's")
    assert wrong_with(outcome, "update") == wrong_with(outcome, "web") == {"chain"}
    assert outcome.document["verdict"].endswith("with the reservations above.")


def test_web_server_under_another_name(tmp_path, issuing):
    """Sub-option 3's name leads to the right machine, whose certificate lacks it."""
    outcome = issuing.lab(tmp_path, [*NAMES, POOL], web=WEB)
    assert outcome.status == 1
    assert bad(outcome) == {"chain.https": "fail"}
    assert not missing(outcome, "chain.https", f"not good for {WEB}; its subjectAltNames: ", POOL,
                       "as a subjectAltName")
    assert "0x" not in outcome.summary_of("chain.https"), "what the screen says is about updates"
    assert wrong_with(outcome, "web") == {"name.full"}
    assert wrong_with(outcome, "update") == set()
    assert outcome.document["verdict"] == "This phone cannot sign in with a PIN."


def test_short_name_missing(tmp_path, issuing):
    """Every long name is there; phones use the short one."""
    outcome = issuing.lab(tmp_path, [*NAMES[1:], POOL])
    assert outcome.status == 1
    assert bad(outcome) == {"update.certificate": "fail"}
    assert not missing(outcome, "update.certificate", "not good for ucupdates-r2; ", "0x2F06/0",
                       "by its short name: issue a certificate that has it as a subjectAltName")
    assert wrong_with(outcome, "update") == {"name.short"}
    assert outcome.document["verdict"].startswith("This phone will not update itself")


def test_wildcard_beside_the_exact_names(tmp_path, issuing):
    outcome = issuing.lab(tmp_path, [*NAMES, POOL, "*.contoso.com"])
    assert outcome.status == 1
    assert bad(outcome) == {"update.certificate": "fail", "chain.https": "fail"}
    for check in bad(outcome):
        assert not missing(outcome, check, "a wildcard, *.contoso.com: phones reject it, even when "
                           "the exact name is there, too", "names each host")
    assert wrong_with(outcome, "update") == wrong_with(outcome, "web") == {"wildcard"}


def test_port_80_closed(tmp_path, issuing):
    """HTTPS alone: the chain that is there does not count."""
    outcome = issuing.lab(tmp_path, [*NAMES, POOL], http=0)
    assert outcome.status == 1
    assert bad(outcome) == {"chain.http": "fail", "update.http": "fail",
                            "update.certificate": "skip", "registrar.tls": "skip"}
    assert not missing(outcome, "chain.http", "no connection", "over plain HTTP", "Open port 80")
    assert not missing(outcome, "update.http", "no connection", "open port 80 of the update server")
    assert outcome.document["learned"]["chains"] == []
    for check in ("update.certificate", "registrar.tls"):
        assert "whether the phone trusts its CA is not known" in outcome.summary_of(check)
    assert outcome.document["verdict"] == \
        "This phone will neither update itself nor sign in with a PIN."


# A bad network: frames between Kea and the probe pass through our hands. (tc's netem does the same;
# not every kernel has it.)

# Each takes a frame, and gives those that arrive instead, with the seconds that each takes.

def lose(noise, frame):
    return [] if noise.random() < 0.3 else [(0, frame)]


def delay(_, frame):
    return [(0.3, frame)]


def duplicate(noise, frame):
    return [(0, frame)] * (2 if noise.random() < 0.5 else 1)


def reorder(noise, frame):
    return [(noise.choice((0, 0.1)), frame)]


def corrupt(noise, frame):
    """One bit, in a fifth of them."""
    octets = bytearray(frame)
    if noise.random() < 0.2:
        octets[noise.randrange(len(octets))] ^= 1 << noise.randrange(8)
    return [(0, bytes(octets))]


def all_of_it(noise, frame):
    frames = [(0, frame)]
    for spoil in (lose, duplicate, reorder, corrupt):
        frames = [(before + later, spoiled) for before, each in frames
                  for later, spoiled in spoil(noise, each)]
    return frames


class BadLink:
    """Passes Ethernet frames between two namespaces, `spoil`ed on the way."""

    def __init__(self, network, spoil):
        self.noise, self.spoil, self.closing = random.Random(20), spoil, False
        self.spoiled = 0
        self.middle = network.add_namespace()
        network.link(network.server, "voice0", self.middle, "left")
        network.link(network.client, "voice0", self.middle, "right")
        ip(network.server, f"address add {SERVER_ADDRESS}/16 dev voice0")
        left, right = (raw_socket(self.middle, end, ETH_P_ALL) for end in ("left", "right"))
        self.ways = {left: right, right: left}
        self.thread = threading.Thread(target=self._pass, daemon=True)
        self.thread.start()

    def _pass(self):
        waiting, count = [], itertools.count()
        while not self.closing:
            pause = max(0, waiting[0][0] - time.monotonic()) if waiting else 0.1
            for source in select.select(list(self.ways), [], [], min(pause, 0.1))[0]:
                frame, origin = source.recvfrom(2048)
                if origin[2] == socket.PACKET_OUTGOING:
                    continue
                frames = self.spoil(self.noise, frame)
                self.spoiled += frames != [(0, frame)]
                for later, spoiled in frames:
                    heapq.heappush(waiting, (time.monotonic() + later, next(count),
                                             self.ways[source], spoiled))
            while waiting and waiting[0][0] <= time.monotonic():
                _, _, target, frame = heapq.heappop(waiting)
                target.send(frame)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing = True
        self.thread.join(5)
        for each in self.ways:
            each.close()


BOOTS = 10
TRUTH = {"dhcp.domain": "contoso.com", "dhcp.search": "contoso.com, emea.contoso.com",
         "dhcp.ntp": "10.1.0.1, 10.1.0.2", "dhcp.resolvers": "10.1.0.53", "inform.vendor": URL,
         "inform.sip": POOL}


def check_unharmed(outcome):
    """What was asked and answered came through as it was sent, or not at all."""
    found = bad(outcome)
    unanswered = {check for check in ("dhcp.offer", "inform.answer")
                  if found.pop(check, None) == "fail"}
    assert outcome.status == (1 if unanswered else 0), outcome.text
    assert set(found.values()) <= {"skip"}, outcome.text
    for check in TRUTH:
        asked = "dhcp.offer" if check.startswith("dhcp.") else "inform.answer"
        assert (check in found) == (asked in unanswered), outcome.text


@pytest.mark.parametrize("spoil, served", [
    (lose, BOOTS // 2), (delay, BOOTS), (duplicate, BOOTS), (reorder, BOOTS), (corrupt, BOOTS // 2),
    (all_of_it, 0)])
def test_bad_network(spoil, served):
    """Phones that boot at once: what passes is true. Kea, at a packet socket, looks at no checksum,
    so it may answer a question that was damaged; nothing damaged is taken for an answer."""
    def phone(number):
        return Outcome(run(
            "--json", "-i", "voice0", "--mac", f"02:00:00:00:00:{number:02x}", "--address",
            f"10.20.3.{number}", "--timeout", "2", "--tries", "6", "--wait", "0.2", "--steps",
            "dhcp,inform", namespace=network.client))

    with Network({}) as network, BadLink(network, spoil) as link, \
            Kea(on_veth(), namespace=network.server), \
            concurrent.futures.ThreadPoolExecutor(BOOTS) as pool:
        outcomes = list(pool.map(phone, range(1, BOOTS + 1)))
    for outcome in outcomes:
        for check, value in TRUTH.items():
            assert outcome.status_of(check) != "pass" or outcome.summary_of(check) == value
        if spoil not in (corrupt, all_of_it):
            check_unharmed(outcome)
    assert sum(outcome.status == 0 for outcome in outcomes) >= served
    assert link.spoiled > 0
