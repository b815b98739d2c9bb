# SPDX-License-Identifier: MPL-2.0
"""ucprov-probe as a phone that boots: a whole site in network namespaces on standard ports, and
single steps against real servers on loopback."""

import base64
import contextlib
import datetime
import json
import os
import pty
import re
import socket
import subprocess

import pytest

import certificates
from dhcp_server import good, reply
from kea import Kea
from lab import (DOMAINS, NAMES, PATH, PHONE, POOL, RELAY, SERVER_ADDRESS, UPDATES, Lab, behind_dhcp,
                 chain_response, dnsmasq, on_veth, site_records)
from loopback import free_port
from namespaces import in_namespace, ip
from probe import PROBE, QUICK, Outcome, run
from servers import HttpServer, TcpServer, UdpServer
from time_server import FakeTime


@pytest.fixture(scope="module", name="authority")
def fixture_authority(tmp_path_factory):
    return certificates.Authority(tmp_path_factory.mktemp("ca"), "Contoso Root CA")


@pytest.fixture(scope="module", name="certificate")
def fixture_certificate(authority):
    """Good for everything."""
    return authority.server(UPDATES, names=[*NAMES, POOL]).files


# A whole site

@contextlib.contextmanager
def whole_site(network, directory, authority, certificate):
    config = on_veth()
    for entry in config["option-data"]:
        if entry["name"] in ("domain-name-servers", "ntp-servers", "routers"):
            entry["data"] = SERVER_ADDRESS
    ip(network.client, "address add 10.20.0.9/16 dev voice0")
    with Kea(config, namespace=network.server), \
            behind_dhcp(directory, authority, certificate, SERVER_ADDRESS, network.server):
        yield


def rows(text):
    """The table as [(mark, label, text)]."""
    found = []
    for line in text.splitlines():
        if match := re.match(r" (ok|wait|warn|FAIL|skip) +(.{12})  (.*)", line):
            found.append([match[1], match[2].strip(), match[3]])
        elif found and line.startswith(" " * 20):
            found[-1][2] += " " + line.strip()
    return [tuple(each) for each in found]


def test_whole_boot(network, tmp_path, authority, certificate):
    """From the first DISCOVER to the registrar, on standard ports, with real servers alone."""
    with whole_site(network, tmp_path, authority, certificate):
        outcome = Outcome(run("--json", "-i", "voice0", *QUICK, namespace=network.client))
        text = run("-i", "voice0", "--firmware", "4.0.7577.4444", *QUICK, namespace=network.client)
        nagios = run("-i", "voice0", "--nagios", *QUICK, namespace=network.client)
        unprivileged = run("--steps", "names,time,update,chain,sign-in", "--domain", "contoso.com",
                           "--resolver", SERVER_ADDRESS, "--url", f"https://{POOL}{PATH}",
                           namespace=network.client)
    assert outcome.status == 0, outcome.text
    assert outcome.document["status"] == "wait"
    states = {name: check["severity"] for name, check in outcome.checks.items()}
    assert states.pop("update.before") == "wait"
    assert set(states.values()) == {"pass"}, outcome.text
    assert outcome.document["verdict"] == "This phone will update itself and can sign in with a PIN."
    learned = outcome.document["learned"]
    assert learned["domains"] == list(DOMAINS) and learned["resolvers"] == [SERVER_ADDRESS]
    assert learned["url"] == f"https://{POOL}:443{PATH}" and learned["sip_server"] == POOL
    assert learned["chains"][0]["root"] == "Contoso Root CA"
    assert abs(learned["clock_offset"]) < 0.5
    ids = {each["id"]: each["severity"] for each in outcome.document["certificates"]["update"]}
    assert ids["chain"] == "pass" and ids["wildcard"] == "pass"
    assert [each["step"] for each in outcome.document["steps"]] == [
        "dhcp", "inform", "names", "time", "update", "chain", "sign-in"]

    assert text.returncode == 0, text.stdout + text.stderr
    assert max(map(len, text.stdout.splitlines())) <= 80
    table = {label: (mark, what) for mark, label, what in rows(text.stdout)}
    assert table["names"] == ("ok", f"{UPDATES}.contoso.com {SERVER_ADDRESS}; "
                                    f"{UPDATES}.emea.contoso.com {SERVER_ADDRESS}")
    assert re.fullmatch(rf"{SERVER_ADDRESS}, \S+ ms away, clocks \S+ ms apart", table["time"][1])
    assert table["chain"][1].startswith("Contoso Root CA (expires 20")
    assert f", over http://{POOL}/CertProv/" in table["chain"][1]
    assert table["sign-in"] == ("ok", f"{POOL}:5061")
    updates = [row for row in rows(text.stdout) if row[1] == "update"]
    assert [row[0] for row in updates] == ["wait", "ok"]
    assert "0x2F0D/0" in updates[0][2]
    assert updates[1][2] == (f"certificate is good for {UPDATES}, {UPDATES}.contoso.com and "
                             f"{UPDATES}.emea.contoso.com")
    assert table["firmware"][0] == "ok"
    assert text.stdout.endswith("This phone will update itself and can sign in with a PIN.\n")
    assert text.stderr == "", "progress is for terminals"

    assert nagios.returncode == 0
    assert re.fullmatch(r"UCPROV OK - This phone will update itself [^|]* \| dhcp=\d+\.\d{3}s;;; "
                        r"inform=\S+s;;; names=\S+;;; time=\S+;;; update=\S+;;; chain=\S+;;; "
                        r"sign-in=\S+;;; offset=-?\d+\.\d{3}s;;;\n", nagios.stdout)
    assert unprivileged.returncode == 0, unprivileged.stdout
    log = (tmp_path / "nginx" / "access.log").read_text()
    assert '"POST /RequestHandler/ucdevice.upx HTTP/1.1" 200' in log
    assert f'"POST {PATH} HTTP/1.1" 200' in log


def test_boot_of_a_broken_site(network, tmp_path, authority):
    """A wildcard, no short name: the update fails, and says what the phone shows."""
    wrong = authority.server("*.contoso.com", names=["*.contoso.com", POOL]).files
    with whole_site(network, tmp_path, authority, wrong):
        outcome = Outcome(run("--json", "-i", "voice0", *QUICK, namespace=network.client))
        text = run("-i", "voice0", *QUICK, namespace=network.client)
        nagios = run("-i", "voice0", "--nagios", *QUICK, namespace=network.client)
    assert outcome.status == text.returncode == 1
    assert outcome.status_of("update.certificate") == outcome.status_of("registrar.tls") == "fail"
    detail = outcome.checks["update.certificate"]["remedy"]
    assert "0x2F06/0" in outcome.summary_of("update.certificate")
    assert "short name" in detail and "Also:" in detail and "wildcard" in detail
    assert outcome.status_of("chain.http") == "pass"
    assert "This phone will neither update itself nor sign in" in " ".join(text.stdout.split())
    assert nagios.returncode == 2
    assert nagios.stdout.startswith("UCPROV CRITICAL - chain.https: the certificate of ")
    assert nagios.stdout.count("\n") == 1 and nagios.stdout.count("|") == 1


def test_interface_without_an_address(network):
    """Nothing behind DHCP can be judged from there, and nothing is."""
    with Kea(on_veth(), namespace=network.server):
        outcome = Outcome(run("--json", "-i", "voice0", *QUICK, namespace=network.client))
    assert outcome.status == 2 and outcome.document["status"] == "skip"
    assert outcome.status_of("inform.vendor") == "pass"
    behind = {name: check["severity"] for name, check in outcome.checks.items()
              if name.split(".")[0] not in ("dhcp", "inform")}
    assert set(behind) == {"route", "names.update", "time.answer", "update.before", "chain.http",
                           "update.certificate", "registrar.tls"}
    assert set(behind.values()) == {"skip"}
    assert "no address of its own" in outcome.summary_of("route")
    behind = ["names", "time", "update", "chain", "sign-in"]
    assert outcome.document["not_looked_at"] == behind
    assert f"Not looked at: {', '.join(behind)}." in outcome.document["verdict"]
    assert "ip addr add ADDRESS/LENGTH dev voice0" in outcome.document["verdict"]


def test_progress_on_a_terminal(network, tmp_path, authority, certificate):
    with whole_site(network, tmp_path, authority, certificate):
        ours, theirs = pty.openpty()
        done = subprocess.run(in_namespace(network.client, PROBE, "-i", "voice0", *QUICK),
                              stderr=theirs, stdout=subprocess.PIPE, timeout=60, check=False)
        os.close(theirs)
        shown = os.read(ours, 65536).decode()
        os.close(ours)
    assert done.returncode == 0
    assert "names ..." in shown and "sign-in ..." in shown
    assert shown.endswith("\r\033[K"), "the line is empty again"


SITE = f"""
pools = {{ hq = {{ sip_server = "{POOL}"; addresses = [ "{SERVER_ADDRESS}" ]; }}; }};
vlans = ( {{ name = "hq-voice"; subnet = "10.20.0.0/16"; pool = "hq"; domain = "contoso.com";
            search = [ "contoso.com", "emea.contoso.com" ]; ntp = [ "{SERVER_ADDRESS}" ]; }} );
"""


def test_site_comparison(network, tmp_path, authority, certificate):
    good, other, elsewhere = (tmp_path / name for name in ("good", "other", "elsewhere"))
    good.write_text(SITE)
    other.write_text(SITE.replace("pool01", "pool02").replace(
        f'addresses = [ "{SERVER_ADDRESS}"', 'addresses = [ "10.9.9.9"'))
    elsewhere.write_text(SITE.replace("10.20.0.0/16", "10.99.0.0/16"))
    with whole_site(network, tmp_path, authority, certificate):
        outcomes = {
            file.name: Outcome(run("--json", "-i", "voice0", "-c", file, "--steps",
                                   "dhcp,inform,names", *QUICK, namespace=network.client))
            for file in (good, other, elsewhere)}
    assert outcomes["good"].status == 0, outcomes["good"].text
    assert outcomes["good"].summary_of("site.options") == "as promised for vlan hq-voice, pool hq"
    assert outcomes["good"].status_of("site.names") == "pass"
    assert outcomes["other"].status == 1
    assert "option 120 is pool01.contoso.com, not pool02.contoso.com" in \
        outcomes["other"].summary_of("site.options")
    assert outcomes["other"].summary_of("site.names") == \
        f"{SERVER_ADDRESS} is not pool hq's; 10.9.9.9 is missing"
    assert outcomes["other"].document["verdict"] == \
        "What was seen is not what the site file promises."
    assert outcomes["elsewhere"].summary_of("site.options") == "no vlan holds 10.20.0.9"
    wrong = run("-c", tmp_path / "missing", "--steps", "time", "--ntp", "127.0.0.1")
    assert wrong.returncode == 2 and "missing" in wrong.stderr


# Single steps on loopback

@pytest.fixture(scope="module", name="lab")
def fixture_lab(tmp_path_factory, authority, certificate):
    with Lab(tmp_path_factory.mktemp("lab"), authority, certificate) as lab:
        yield lab


def test_update_alone_before_trust(lab):
    outcome = lab.probe("update")
    assert outcome.status == 2 and outcome.status_of("update.certificate") == "skip"
    assert outcome.status_of("update.before") == "wait"
    assert "whether the phone trusts its CA is not known" in \
        outcome.summary_of("update.certificate")


def test_update_with_a_chain_from_a_file(lab, authority):
    outcome = lab.probe("update", "--chain", authority.certificate)
    assert outcome.status == 0, outcome.text
    assert outcome.summary_of("update.certificate") == \
        f"certificate is good for {UPDATES} and {UPDATES}.contoso.com"
    assert outcome.summary_of("update.service") == \
        "answers POST /RequestHandler/ucdevice.upx (HTTP 200)"
    assert "the request was empty" in outcome.checks["update.service"]["remedy"]
    assert outcome.status_of("update.http") == "pass"


@pytest.mark.parametrize("update, severity, words", [
    ("return 204;", "pass", "HTTP 204"),
    ("return 401;", "fail", "Anonymous Authentication"),
    ("return 403;", "fail", "client certificate"),
    ("return 404;", "fail", "no update service under this path"),
    ("return 405 no;", "fail", "does not take a POST"),
    ("return 302 https://proxy.contoso.com/;", "fail", "A proxy or a rule of IIS"),
    ("return 503;", "fail", "application pool"),
    ("return 502;", "fail", "behind the proxy"),
    ("return 418;", "fail", "substatus"),
    ("return 500;", "warn", "the request was empty"),
    ("return 400;", "warn", "the request was empty"),
])
def test_what_the_update_service_answers(tmp_path, authority, certificate, update, severity, words):
    with Lab(tmp_path, authority, certificate, update=update) as lab:
        outcome = lab.probe("update", "--chain", authority.certificate)
    assert outcome.status_of("update.certificate") == "pass"
    assert outcome.status_of("update.service") == severity, outcome.text
    check = outcome.checks["update.service"]
    assert words in check["text"] + check["remedy"]
    assert outcome.status == (1 if severity == "fail" else 0)
    if severity == "fail":
        assert outcome.document["verdict"].startswith("This phone will not update itself")


def test_update_service_that_wants_a_client_certificate(tmp_path, authority, certificate):
    """nginx's own 400: the phone has no certificate before it has signed in."""
    more = f"ssl_verify_client on; ssl_client_certificate {authority.certificate};"
    with Lab(tmp_path, authority, certificate, more=more) as lab:
        outcome = lab.probe("update", "--chain", authority.certificate)
    assert outcome.status_of("update.service") == "fail", outcome.text
    assert "HTTP 400" in outcome.summary_of("update.service")
    assert "Phones have none" in outcome.checks["update.service"]["remedy"]


def test_chain_of_another_ca(lab, tmp_path):
    """The phones are given another root than the one that signed: 0x2F0D stays for good."""
    other = certificates.Authority(tmp_path / "other", "Fabrikam Root")
    outcome = lab.probe("update,sign-in", "--chain", other.certificate)
    assert outcome.status == 1
    assert "0x2F0D/0" in outcome.summary_of("update.certificate")
    assert outcome.status_of("registrar.tls") == "fail"
    missing = lab.run("update", "--chain", tmp_path / "missing.pem")
    assert missing.returncode == 2 and "missing.pem" in missing.stderr


def test_chain_alone(lab):
    outcome = lab.probe("chain")
    assert outcome.status == 0, outcome.text
    assert outcome.status_of("chain.https") == "pass"
    assert "chain.others" not in outcome.checks
    assert lab.probe("chain", url=f"https://{POOL}/nothing").status == 1
    nowhere = lab.probe("chain", url=f"https://nowhere.contoso.com{PATH}")
    assert nowhere.summary_of("chain.http") == "nowhere.contoso.com: does not exist"


def test_sign_in_alone(lab):
    outcome = lab.probe("sign-in")
    assert outcome.summary_of("registrar.tls").startswith(f"{POOL}:{lab.sip}")
    assert outcome.document["not_looked_at"] == ["sign-in"], "not whether its CA is trusted"


def test_closed_ports(lab):
    closed = free_port()
    outcome = lab.probe("update,chain,sign-in", "--update-port", closed, "--http-port", closed,
                        "--https-port", closed, "--registrar-port", closed)
    assert outcome.status == 1
    for name in ("update.before", "update.certificate", "update.http", "chain.http",
                 "registrar.tls"):
        assert outcome.status_of(name) == "fail", name
    assert "0x2EFD/0" in outcome.summary_of("update.before")
    for name in ("chain.http", "registrar.tls"):
        assert "0x" not in outcome.summary_of(name), "what the screen says is about updates"
    assert outcome.status_of("chain.https") == "warn"


def test_servers_that_keep_silent(lab):
    """A port that takes connections and says nothing: bounded by --timeout, and by --total."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        port = silent.getsockname()[1]
        outcome = lab.probe("update,chain,sign-in", "--update-port", port, "--http-port", port,
                            "--https-port", port, "--registrar-port", port, "--timeout", "0.3")
        assert "0x2EE2/0" in outcome.summary_of("update.before")
        late = lab.probe("update,chain,sign-in", "--update-port", port, "--http-port", port,
                         "--https-port", port, "--registrar-port", port, "--total", "1",
                         "--timeout", "2")
    assert late.status == 2, "nobody knows who would have answered"
    assert late.status_of("total") == "skip"
    assert late.document["not_looked_at"] == ["update", "chain", "sign-in"]
    assert sum(each["seconds"] for each in late.document["steps"]) < 2


def babble(octets, repeat):
    """A server that says the same nonsense to everybody."""
    def serve(client):
        client.recv(10)
        for _ in range(repeat):
            client.sendall(octets)

    return TcpServer(serve)


@pytest.mark.parametrize("octets, repeat", [
    (b"", 1), (b"\0", 1), (b"hello\r\n\r\n", 1), (b"\x15\x03\x01\0\x02\x02\x28", 1),
    (b"HTTP/1.0 200 OK\r\nContent-Length: 99999999999\r\n\r\n", 1),
    (b"HTTP/1.1 200 OK\r\nX: \x1b[2J" + b"y" * 60000, 20),
    (b"HTTP/1.1 200 OK\r\n\r\n" + b"<a>" * 20000, 300),
    (b"\x16\x03\x01\x40\x00" + b"\x02" * 16384, 50),
])
def test_servers_that_talk_nonsense(lab, octets, repeat):
    with babble(octets, repeat) as server:
        outcome = lab.probe("update,chain,sign-in", "--update-port", server.port, "--http-port",
                            server.port, "--https-port", server.port, "--registrar-port",
                            server.port, "--timeout", "1", "--total", "15")
    assert outcome.status == 1
    for name in ("update.before", "update.certificate", "chain.http", "registrar.tls"):
        assert outcome.status_of(name) == "fail", outcome.text


def test_modern_tls_alone_is_no_use_to_phones(tmp_path, authority, certificate):
    with Lab(tmp_path, authority, certificate, protocols="TLSv1.2 TLSv1.3") as lab:
        outcome = lab.probe("update,chain")
    assert outcome.status == 1
    assert "0x2F7D/0" in outcome.summary_of("update.before")
    assert outcome.status_of("chain.http") == "pass"
    assert "TLS 1.2 and later alone" in outcome.summary_of("chain.https")


def test_certificate_that_is_old(tmp_path, authority):
    """Within the phone's time: it was issued for a day, and the phone lives two days later."""
    tomorrow = datetime.datetime.now(datetime.timezone.utc) + certificates.DAY
    short = authority.server(UPDATES, names=[*NAMES, POOL], end=tomorrow).files
    with Lab(tmp_path, authority, short) as lab, FakeTime(2 * 86400) as clock:
        outcome = lab.probe("time,update,chain", "--ntp", "127.0.0.1", "--ntp-port", clock.port)
    assert outcome.status_of("time.answer") == "fail"
    assert "0x2F05/0" in outcome.summary_of("update.certificate")


def test_elliptic_key(tmp_path, authority, certificate):
    """A phone cannot shake hands with such a server at all."""
    elliptic = authority.server(POOL, names=[POOL], key="ec:P-256").files
    with Lab(tmp_path, authority, certificate, registrar=elliptic) as lab:
        outcome = lab.probe("sign-in")
    assert outcome.status == 1
    assert "TLS 1.0 only" in outcome.checks["registrar.tls"]["remedy"]
    assert "0x" not in outcome.summary_of("registrar.tls"), "that is for updates"


def test_redirect_to_https(tmp_path, authority, certificate):
    with Lab(tmp_path, authority, certificate,
             more="location /CertProv/ { return 301 https://$host$request_uri; }") as lab:
        outcome = lab.probe("chain")
    assert outcome.status == 1
    assert "redirect" in outcome.summary_of("chain.http")
    assert "serve the same path on port 80" in outcome.checks["chain.http"]["remedy"]


@pytest.mark.parametrize("response, said", [
    ("<html>hello</html>", "there is no certificate in it"),
    ("nonsense", "no XML to trust"),
    ("", "no XML to trust"),
    ("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "no XML to trust"),
    ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>'
     "s:Client</faultcode><faultstring>go away</faultstring></s:Fault></s:Body></s:Envelope>",
     "with an error"),
    ("<a>" * 100 + "</a>" * 100, "no XML to trust"),
])
def test_answers_that_are_no_chain(tmp_path, authority, certificate, response, said):
    with Lab(tmp_path, authority, certificate, response=response) as lab:
        outcome = lab.probe("chain")
    assert outcome.status == 1
    assert said in outcome.summary_of("chain.http"), outcome.text


def test_bare_certificate_is_no_pkcs7(tmp_path, authority, certificate):
    root = base64.b64encode(authority.der()).decode()
    with Lab(tmp_path, authority, certificate, response=f"<r><c>{root}</c></r>") as lab:
        outcome = lab.probe("chain")
    assert outcome.status == 0
    assert outcome.status_of("chain.http") == "warn"
    assert "PKCS#7" in outcome.checks["chain.http"]["remedy"]


def answer_with(body, address=("127.0.0.1", 0)):
    """A web server that knows one answer."""
    return HttpServer(lambda request: (200, body.encode()), address)


def test_https_that_gives_less(tmp_path, authority, certificate):
    """Plain HTTP gives two roots, HTTPS one of them."""
    other = certificates.Authority(tmp_path / "other", "Fabrikam Root")
    both = chain_response(authority, other)
    with Lab(tmp_path, authority, certificate) as lab, answer_with(both) as plain:
        outcome = lab.probe("chain", "--http-port", plain.port)
    assert outcome.status_of("chain.http") == "pass", outcome.text
    assert outcome.status_of("chain.https") == "warn"
    assert "another chain than plain HTTP" in outcome.summary_of("chain.https")


def test_https_alone_is_the_same_as_nothing(tmp_path, authority, certificate):
    with Lab(tmp_path, authority, certificate) as lab:
        outcome = lab.probe("chain", "--http-port", free_port())
    assert outcome.status == 1
    assert outcome.summary_of("chain.https").startswith("a chain over https://")


def test_servers_that_give_different_chains(tmp_path, authority, certificate):
    other = certificates.Authority(tmp_path / "other", "Fabrikam Root")
    records = [f"{POOL}. A 127.0.0.1", f"{POOL}. A 127.0.0.2"]
    with Lab(tmp_path, authority, certificate, records=records) as lab, \
            answer_with(chain_response(authority)) as first, \
            answer_with(chain_response(other), ("127.0.0.2", first.port)):
        outcome = lab.probe("chain", "--http-port", first.port)
    assert outcome.status_of("chain.http") == "pass", outcome.text
    assert outcome.status_of("chain.others") == "warn"
    assert "gives another chain than" in outcome.summary_of("chain.others")


def test_chain_without_its_root(tmp_path, authority, certificate):
    """The leaf alone: it leads nowhere."""
    leaf = base64.b64encode(certificates.openssl("x509", "-in", certificate[0], "-outform",
                                                 "DER")).decode()
    with Lab(tmp_path, authority, certificate, response=f"<r><c>{leaf}</c></r>") as lab:
        outcome = lab.probe("chain,update")
    assert outcome.status == 1
    assert "no chain to a root" in outcome.checks["chain.http"]["remedy"]
    assert "not known without the chain" in outcome.summary_of("update.certificate")


def test_one_of_two_servers_is_down(tmp_path, authority, certificate):
    """Two addresses: the phone may take either."""
    records = [f"{UPDATES}.contoso.com. A 127.0.0.1", f"{UPDATES}.contoso.com. A 127.0.0.2",
               f"{POOL}. A 127.0.0.1", f"{POOL}. A 127.0.0.2"]
    with Lab(tmp_path, authority, certificate, records=records) as lab:
        outcome = lab.probe("update,chain,sign-in")
    assert outcome.status == 1
    assert outcome.summary_of("update.before").startswith(f"127.0.0.2 port {lab.https}")
    assert outcome.status_of("chain.http") == "pass"
    assert outcome.status_of("chain.others") == "warn"
    assert outcome.status_of("registrar.tls") == "fail"


def test_firmware_changes_verdicts(tmp_path, authority, certificate):
    """.4372 wants the pool's name in option 43; from .4420 any will do."""
    records = [*site_records("127.0.0.1"), "web01.contoso.com. A 127.0.0.1"]
    url = f"https://web01.contoso.com{PATH}"
    with Lab(tmp_path, authority, certificate, records=records) as lab:
        results = {version: lab.probe("names,update,chain", "--firmware", version, url=url)
                   for version in ("1.0.522.34", "3.5.6907.187", "4.0.7577.4372", "4.0.7577.4387",
                                   "4.0.7577.4420", "4.0.7577.4444")}
    def states(version, check):
        checks = results[version].checks
        return checks[check]["severity"] if check in checks else None
    assert [states(version, "firmware.support") for version in results] == \
        ["fail", "warn", "pass", "pass", "pass", "pass"]
    assert [states(version, "firmware.web-server") for version in results] == \
        ["warn", "warn", "fail", "warn", None, None]
    assert [states(version, "firmware.signature") for version in results] == ["warn"] * 5 + [None]
    assert results["1.0.522.34"].document["verdict"] == "This phone cannot sign in with a PIN."


# Nagios

def test_nagios_states():
    def script(query):
        return [reply(query, [(15, b"a|b\nc"), (6, b"\x7f\0\0\1")])] if query[242] == 1 else [
            good(query)]

    with UdpServer(script) as server:
        where = ("--server", f"127.0.0.1:{server.port}", "--relay", RELAY, "--address", PHONE)
        failed = run(*where, *QUICK, "--nagios")
        fine = run(*where, *QUICK, "--nagios", "--steps", "inform")
    assert failed.returncode == 2
    assert failed.stdout.startswith("UCPROV CRITICAL - dhcp.domain: ")
    assert fine.returncode == 0 and fine.stdout.startswith("UCPROV OK - ")
    unable = run("-i", "nosuch0", "--nagios")
    assert unable.returncode == 3 and unable.stdout == "UCPROV UNKNOWN - it could not run\n"


def test_nagios_line_is_one(tmp_path, authority):
    """A bar from the network does not begin the performance data."""
    evil = authority.server("a|b.contoso.com", names=["a|b.contoso.com"]).files
    with Lab(tmp_path, authority, evil) as lab:
        done = lab.run("update", "--nagios", "--chain", authority.certificate)
    assert done.returncode == 2
    assert "a/b.contoso.com" in done.stdout
    assert done.stdout.count("|") == done.stdout.count("\n") == 1


def test_two_real_servers_disagree(network, tmp_path):
    """Kea, and a dnsmasq that nobody knew of, behind the same switch."""
    third = network.add_namespace()
    ip(network.server, "link add br0 type bridge", "link set voice0 master br0", "link set br0 up")
    network.link(network.server, "second", third, "voice0")
    ip(network.server, "link set second master br0")
    ip(third, "address add 10.20.0.2/16 dev voice0")
    rogue = dnsmasq(third, tmp_path, "--dhcp-range=10.20.2.10,10.20.2.99,255.255.0.0,1h",
                    "--domain=fabrikam.com")
    with Kea(on_veth(), namespace=network.server), rogue:
        outcome = Outcome(run("--json", "-i", "voice0", "--steps", "dhcp,inform", "--timeout", "4",
                              "--wait", "2", namespace=network.client))
    assert outcome.status_of("dhcp.servers") == "warn", outcome.text
    assert "10.20.0.2" in outcome.summary_of("dhcp.servers")
    assert "fabrikam.com" in outcome.summary_of("dhcp.domain")
    assert "offered by 10.20.0.2" in outcome.summary_of("dhcp.offer")
    assert "10.20.0.2" in outcome.summary_of("inform.servers") or \
        "10.20.0.2" in outcome.summary_of("inform.silent")


# explain

def test_explain():
    done = run("explain", "0x2F0D/0")
    assert done.returncode == 0
    assert "0x2F0D/0  ERROR_WINHTTP_SECURE_INVALID_CA" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    document = json.loads(run("explain", "--json", "2ee7", "0x2EFD / 503").stdout)["statuses"]
    assert [each["status"] for each in document] == ["0x2EE7/0", "0x2EFD/503"]
    assert document[0]["name"] == "ERROR_WINHTTP_NAME_NOT_RESOLVED"
    assert document[0]["seen_on_phones"] is False
    assert run("explain", "0x1234/0").returncode == 1
    for wrong in ((), ("nonsense",), ("--what",), ("",)):
        done = run("explain", *wrong)
        assert done.returncode == 2 and done.stdout == ""
        assert all(done.stderr.count(f'"{word}"') <= 1 for word in wrong)


def test_explain_several():
    """Each that is one is explained, whatever stands beside it."""
    done = run("explain", "0x2F0D/0", "foo", "0x1234", "0x80072EE7", "12044", "0x0/404")
    assert done.returncode == 2
    for name in ("SECURE_INVALID_CA", "0x1234/0  not known", "NAME_NOT_RESOLVED",
                 "CLIENT_AUTH_CERT_NEEDED", "0x0000/404  no WinHTTP error"):
        assert name in done.stdout
    assert done.stderr == ('ucprov-probe explain: "foo": no phone\'s status; write it as '
                           "0x2F0D/0\n")
    document = json.loads(run("explain", "--json", "foo", "0x2F0D/0").stdout)
    assert document["not_understood"] == ["foo"] and len(document["statuses"]) == 1
    assert "error" in json.loads(run("explain", "--json", "foo").stdout)


@pytest.mark.parametrize("http, words", [
    (401, "Anonymous"), (403, "client certificate"), (404, "RequestHandler"), (405, "POST"),
    (302, "redirect"), (400, "client certificate"), (500, "event log"), (503, "application pool")])
def test_explain_http(http, words):
    done = run("explain", f"0x0/{http}")
    assert done.returncode == 0 and words.lower() in " ".join(done.stdout.lower().split())
    entry, = json.loads(run("explain", "--json", f"0x0/{http}").stdout)["statuses"]
    assert entry["meaning"] and entry["remedy"]


def test_explain_sentence():
    done = run("explain", "an account matching this phone cannot be found.")
    assert done.returncode == 0 and "PIN" in done.stdout


@pytest.mark.parametrize("arguments, word", [
    (("--steps", "nmaes"), "nmaes"), (("--steps", ""), ""),
    (("--steps", "chain", "--url", ""), ""), (("-i", ""), ""),
    (("--steps", "names", "--domain", ""), ""),
    (("--steps", "sign-in", "--sip-server", ""), "")])
def test_complaints_quote_once(arguments, word):
    done = run(*arguments)
    assert done.returncode == 2
    assert ": : " not in done.stderr and done.stderr.count(f'"{word}"') == 1, done.stderr


def test_explain_help():
    assert run("explain", "--help").returncode == 0
