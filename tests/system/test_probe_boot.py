# SPDX-License-Identifier: MPL-2.0
"""ucprov-probe as a phone that boots: a whole site in network namespaces on standard ports, and
single steps against real servers on loopback."""

import base64
import contextlib
import http.server
import json
import os
import pty
import re
import socket
import subprocess
import textwrap
import threading
import time

import pytest

from kea import BUILD, LIBC, Kea, Network
from loopback import free_port
from test_probe import (PHONE, PROBE, RELAY, SERVER_ADDRESS, FakeServer, Outcome, good,
                        in_namespace, on_veth, reply, run, running)

POOL, UPDATES = "pool01.contoso.com", "ucupdates-r2"
CHRONYD = BUILD / "tests" / "chronyd"
DOMAINS = ("contoso.com", "emea.contoso.com")
PATH = "/CertProv/CertProvisioningService.svc"
NAMES = [UPDATES, *(f"{UPDATES}.{domain}" for domain in DOMAINS)]
QUICK = ("--timeout", "1", "--tries", "2", "--wait", "0.2")

# Certificates


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *map(str, arguments)], input=data, check=True,
                          capture_output=True).stdout


class Authority:
    """A CA: a root, and certificates that it signs."""

    def __init__(self, directory, name="Contoso Root CA"):
        self.directory = directory
        directory.mkdir()
        self.certificate = directory / "root.pem"
        self.count = 0
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "1000",
                "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                "-keyout", directory / "root.key", "-out", self.certificate)

    def issue(self, names, days=400, key=("rsa:2048",), digest="sha256"):
        """Returns (certificate file, key file)."""
        self.count += 1
        stem = self.directory / f"server{self.count}"
        (extensions := stem.with_suffix(".ext")).write_text(
            "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
            "extendedKeyUsage=serverAuth\n"
            "subjectAltName=" + ",".join(f"DNS:{name}" for name in names) + "\n")
        openssl("req", "-newkey", *key, "-nodes", "-subj", f"/CN={names[0]}", "-keyout",
                stem.with_suffix(".key"), "-out", stem.with_suffix(".csr"))
        openssl("x509", "-req", f"-{digest}", "-in", stem.with_suffix(".csr"), "-CA",
                self.certificate, "-CAkey", self.directory / "root.key", "-CAcreateserial",
                "-days", days, "-extfile", extensions, "-out", stem.with_suffix(".pem"))
        return stem.with_suffix(".pem"), stem.with_suffix(".key")

    def response(self, element="Anything"):
        """A GetRootCertChains response, whose element nobody knows."""
        chain = base64.b64encode(openssl("crl2pkcs7", "-nocrl", "-certfile", self.certificate,
                                         "-outform", "DER")).decode()
        return textwrap.dedent(f"""\
            <?xml version="1.0" encoding="utf-8"?>
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
            <GetRootCertChainsResponse ResponseClass="Success"
             xmlns="http://schemas.microsoft.com/OCS/AuthWebServices/">
            <{element}>{chain}</{element}></GetRootCertChainsResponse></s:Body></s:Envelope>
            """)


@pytest.fixture(scope="module", name="authority")
def fixture_authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca") / "contoso")


@pytest.fixture(scope="module", name="certificate")
def fixture_certificate(authority):
    """Good for everything."""
    return authority.issue([*NAMES, POOL])


# Servers. Each is in the foreground, and in a namespace where one is given.

def place(namespace, *command):
    return in_namespace(namespace, *command) if namespace else [*map(str, command)]


def unbound(directory, address="127.0.0.1", port=53, records=(), namespace=None):
    directory.mkdir(exist_ok=True)
    lines = "".join(f"  local-data: '{record}'\n" for record in records)
    (directory / "unbound.conf").write_text(
        f'server:\n  interface: {address}@{port}\n  do-daemonize: no\n  chroot: ""\n'
        f'  username: ""\n  directory: "{directory}"\n  pidfile: ""\n  use-syslog: no\n'
        f"  access-control: 0.0.0.0/0 allow\n  verbosity: 1\n  do-not-query-localhost: no\n"
        f'  local-zone: "." static\n{lines}remote-control:\n  control-enable: no\n')
    return running(*place(namespace, "unbound", "-d", "-p", "-c", directory / "unbound.conf"),
                   ready="start of service")


def site_records(address):
    return [f"{UPDATES}.{domain}. A {address}" for domain in DOMAINS] + [
        f"_sipinternaltls._tcp.contoso.com. SRV 0 0 5061 {POOL}.",
        f"_ntp._udp.contoso.com. SRV 0 0 123 ntp.contoso.com.",
        f"ntp.contoso.com. A {address}", f"{POOL}. A {address}"]


def nginx(directory, certificate, response, address="127.0.0.1", http=80, https=443,
          namespace=None, protocols="TLSv1", more=""):
    """Update server and certificate provisioning service in one."""
    directory.mkdir(exist_ok=True)
    folder = directory / "root" / "CertProv"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "CertProvisioningService.svc").write_text(response)
    (directory / "root" / "index.html").write_text("hello")
    for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        (directory / name).mkdir(exist_ok=True)
    listen = f"listen {address}:{http};\n" if http else ""
    if https:
        listen += (f"listen {address}:{https} ssl; ssl_certificate {certificate[0]};\n"
                   f"ssl_certificate_key {certificate[1]}; ssl_protocols {protocols};\n"
                   "ssl_ciphers 'DEFAULT:@SECLEVEL=0';\n")
    (directory / "nginx.conf").write_text(f"""
        daemon off; master_process off; pid {directory}/pid; error_log stderr notice;
        events {{}}
        http {{
          access_log {directory}/access.log combined; root {directory}/root;
          client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
          fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi;
          scgi_temp_path {directory}/scgi;
          server {{
            {listen}
            error_page 405 =200 $uri;
            location /RequestHandler/ {{ return 500; }}
            {more}
          }}
        }}
        """)
    return running(*place(namespace, "nginx", "-p", directory, "-c", directory / "nginx.conf"),
                   ready="getrlimit")


def s_server(certificate, address="127.0.0.1", port=5061, namespace=None, protocol="-tls1"):
    return running(*place(namespace, "openssl", "s_server", "-accept", f"{address}:{port}",
                          "-cert", certificate[0], "-key", certificate[1], protocol, "-www",
                          "-cipher", "DEFAULT@SECLEVEL=0"), ready="ACCEPT")


def chrony(directory, address="127.0.0.1", port=123, namespace=None, stratum="local stratum 5"):
    directory.mkdir(exist_ok=True)
    (directory / "chrony.conf").write_text(
        f"port {port}\nbindaddress {address}\ncmdport 0\nbindcmdaddress /\nallow all\n{stratum}\n"
        f"pidfile {directory}/pid\n")
    return running(*place(namespace, CHRONYD, "-x", "-d", "-u", "root", "-f",
                          directory / "chrony.conf"), ready="Disabled control of system clock")


# Time: chrony, and a server that says anything


def socket_in(namespace):
    """A UDP socket, which stays in the namespace where it was made."""
    if namespace is None:
        return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with open("/proc/self/ns/net", encoding="ascii") as ours, \
            open(f"/proc/{namespace}/ns/net", encoding="ascii") as theirs:
        assert LIBC.setns(theirs.fileno(), 0) == 0
        try:
            return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        finally:
            LIBC.setns(ours.fileno(), 0)


class FakeTime:
    """An SNTP server whose clock is `ahead`; `spoil(query, answer)` gives the datagrams to send."""

    EPOCH = 2208988800

    def __init__(self, ahead=0.0, spoil=None, address=("127.0.0.1", 0), namespace=None):
        self.ahead, self.spoil = ahead, spoil or (lambda query, answer: [answer])
        self.queries, self.closing = [], False
        self.socket = socket_in(namespace)
        self.socket.settimeout(0.1)
        self.socket.bind(address)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def stamp(self):
        now = time.time() + self.ahead + self.EPOCH
        return ((int(now) % 2**32) << 32 | int(now % 1 * 2**32)).to_bytes(8, "big")

    def _serve(self):
        while not self.closing:
            try:
                query, peer = self.socket.recvfrom(2048)
            except TimeoutError:
                continue
            self.queries.append(query)
            received = self.stamp()
            answer = bytes([0x24, 2, 6, 0xec]) + bytes(8) + b"\x0a\0\0\x01" + received + \
                query[40:48] + received + self.stamp()
            for each in self.spoil(query, answer):
                self.socket.sendto(each, peer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing = True
        self.thread.join(5)
        self.socket.close()


# A whole site

@contextlib.contextmanager
def whole_site(network, directory, authority, certificate, config=None, records=None, more="",
               site=None):
    where = {"address": SERVER_ADDRESS, "namespace": network.server}
    config = config or on_veth()
    for entry in config["option-data"]:
        if entry["name"] in ("domain-name-servers", "ntp-servers", "routers"):
            entry["data"] = SERVER_ADDRESS
    subprocess.run(in_namespace(network.client, "ip", "address", "add", "10.20.0.9/16", "dev",
                                "voice0"), check=True)
    with contextlib.ExitStack() as stack:
        stack.enter_context(Kea(config, namespace=network.server))
        stack.enter_context(unbound(directory / "unbound", records=records
                                    or site_records(SERVER_ADDRESS), **where))
        stack.enter_context(nginx(directory / "nginx", certificate, authority.response(), more=more,
                                  **where))
        stack.enter_context(chrony(directory / "chrony", **where))
        stack.enter_context(s_server(certificate, **where))
        yield


@pytest.fixture(name="network")
def fixture_network():
    with Network({"voice0": SERVER_ADDRESS + "/16"}) as network:
        yield network


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
    assert '"POST /RequestHandler/ucdevice.upx HTTP/1.1" 500' in log
    assert f'"POST {PATH} HTTP/1.1" 200' in log


def test_boot_of_a_broken_site(network, tmp_path, authority):
    """A wildcard, no short name: the update fails, and says what the phone shows."""
    wrong = authority.issue(["*.contoso.com", POOL])
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
    assert outcome.status == 0
    assert outcome.status_of("inform.vendor") == "pass"
    behind = {name: check["severity"] for name, check in outcome.checks.items()
              if name.split(".")[0] not in ("dhcp", "inform")}
    assert set(behind) == {"route", "names.update", "time.answer", "update.before", "chain.http",
                           "update.certificate", "registrar.tls"}
    assert set(behind.values()) == {"skip"}
    assert "no address of its own" in outcome.summary_of("route")
    assert outcome.document["verdict"] == "What was looked at is as a phone needs it."


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

class Lab:
    """Resolver, update server, chain and registrar on free ports; `arguments` names them."""

    def __init__(self, directory, authority, certificate, **settings):
        self.stack = contextlib.ExitStack()
        self.dns, self.http, self.https, self.sip = (free_port() for _ in range(4))
        records = settings.pop("records", None) or site_records("127.0.0.1")
        registrar = settings.pop("registrar", certificate)
        response = settings.pop("response", authority.response())
        self.stack.enter_context(unbound(directory / "unbound", port=self.dns, records=records))
        http = settings.pop("http", self.http)
        self.stack.enter_context(nginx(directory / "nginx", certificate, response, http=http,
                                       https=self.https, **settings))
        self.stack.enter_context(s_server(registrar, port=self.sip))
        self.directory = directory

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    def run(self, steps, *more, url=f"https://{POOL}{PATH}", domain="contoso.com"):
        return run("--steps", steps, "--domain", domain, "--resolver", f"127.0.0.1#{self.dns}",
                   "--url", url, "--sip-server", POOL, "--http-port", self.http, "--https-port",
                   self.https, "--update-port", self.https, "--registrar-port", self.sip,
                   "--timeout", "2", *more)

    def probe(self, steps, *more, **settings):
        return Outcome(self.run(steps, "--json", *more, **settings))


@pytest.fixture(scope="module", name="lab")
def fixture_lab(tmp_path_factory, authority, certificate):
    with Lab(tmp_path_factory.mktemp("lab"), authority, certificate) as lab:
        yield lab


def test_update_alone_before_trust(lab):
    outcome = lab.probe("update")
    assert outcome.status == 0 and outcome.status_of("update.before") == "wait"
    assert "whether the phone trusts its CA is not known" in \
        outcome.summary_of("update.certificate")


def test_update_with_a_chain_from_a_file(lab, authority):
    outcome = lab.probe("update", "--chain", authority.certificate)
    assert outcome.status == 0, outcome.text
    assert outcome.summary_of("update.certificate") == \
        f"certificate is good for {UPDATES} and {UPDATES}.contoso.com"
    assert outcome.summary_of("update.service") == \
        "answers POST /RequestHandler/ucdevice.upx (HTTP 500)"
    assert "any HTTP answer counts" in outcome.checks["update.service"]["remedy"]
    assert outcome.status_of("update.http") == "pass"


def test_chain_of_another_ca(lab, tmp_path):
    """The phones are given another root than the one that signed: 0x2F0D stays for good."""
    other = Authority(tmp_path / "other", "Fabrikam Root")
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
    assert lab.probe("sign-in").summary_of("registrar.tls").startswith(f"{POOL}:{lab.sip}")


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
    assert late.status == 1
    assert late.status_of("total") == "fail"
    assert sum(each["seconds"] for each in late.document["steps"]) < 2


class Babbler:
    """Takes TCP connections, and says the same nonsense to everybody."""

    def __init__(self, octets, repeat=1):
        self.octets, self.repeat, self.closing = octets, repeat, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while not self.closing:
            client, _ = self.listener.accept()
            with client, contextlib.suppress(OSError):
                client.settimeout(1)
                client.recv(10)
                for _ in range(self.repeat):
                    client.sendall(self.octets)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        self.thread.join(5)
        self.listener.close()


@pytest.mark.parametrize("octets, repeat", [
    (b"", 1), (b"\0", 1), (b"hello\r\n\r\n", 1), (b"\x15\x03\x01\0\x02\x02\x28", 1),
    (b"HTTP/1.0 200 OK\r\nContent-Length: 99999999999\r\n\r\n", 1),
    (b"HTTP/1.1 200 OK\r\nX: \x1b[2J" + b"y" * 60000, 20),
    (b"HTTP/1.1 200 OK\r\n\r\n" + b"<a>" * 20000, 300),
    (b"\x16\x03\x01\x40\x00" + b"\x02" * 16384, 50),
])
def test_servers_that_talk_nonsense(lab, octets, repeat):
    with Babbler(octets, repeat) as server:
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
    short = authority.issue([*NAMES, POOL], days=1)
    with Lab(tmp_path, authority, short) as lab, FakeTime(2 * 86400) as clock:
        outcome = lab.probe("time,update,chain", "--ntp", "127.0.0.1", "--ntp-port", clock.port)
    assert outcome.status_of("time.answer") == "fail"
    assert "0x2F05/0" in outcome.summary_of("update.certificate")


def test_elliptic_key(tmp_path, authority, certificate):
    """A phone cannot shake hands with such a server at all."""
    elliptic = authority.issue([POOL], key=("ec", "-pkeyopt", "ec_paramgen_curve:P-256"))
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
    root = base64.b64encode(openssl("x509", "-in", authority.certificate, "-outform",
                                    "DER")).decode()
    with Lab(tmp_path, authority, certificate, response=f"<r><c>{root}</c></r>") as lab:
        outcome = lab.probe("chain")
    assert outcome.status == 0
    assert outcome.status_of("chain.http") == "warn"
    assert "PKCS#7" in outcome.checks["chain.http"]["remedy"]


@contextlib.contextmanager
def answer_with(body, address=("127.0.0.1", 0)):
    """A web server that knows one answer; gives its port."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(address, Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join(5)


def test_https_that_gives_less(tmp_path, authority, certificate):
    """Plain HTTP gives two roots, HTTPS one of them."""
    other = Authority(tmp_path / "other", "Fabrikam Root")
    both = authority.response().replace("<Anything>", re.search(
        "<Anything>.*</Anything>", other.response(), re.S).group() + "<Anything>")
    with Lab(tmp_path, authority, certificate) as lab, answer_with(both) as plain:
        outcome = lab.probe("chain", "--http-port", plain)
    assert outcome.status_of("chain.http") == "pass", outcome.text
    assert outcome.status_of("chain.https") == "warn"
    assert "another chain than plain HTTP" in outcome.summary_of("chain.https")


def test_https_alone_is_the_same_as_nothing(tmp_path, authority, certificate):
    with Lab(tmp_path, authority, certificate) as lab:
        outcome = lab.probe("chain", "--http-port", free_port())
    assert outcome.status == 1
    assert outcome.summary_of("chain.https").startswith("a chain over https://")


def test_servers_that_give_different_chains(tmp_path, authority, certificate):
    other = Authority(tmp_path / "other", "Fabrikam Root")
    records = [f"{POOL}. A 127.0.0.1", f"{POOL}. A 127.0.0.2"]
    with Lab(tmp_path, authority, certificate, records=records) as lab, \
            answer_with(authority.response()) as first, \
            answer_with(other.response(), ("127.0.0.2", first)):
        outcome = lab.probe("chain", "--http-port", first)
    assert outcome.status_of("chain.http") == "pass", outcome.text
    assert outcome.status_of("chain.others") == "warn"
    assert "gives another chain than" in outcome.summary_of("chain.others")


def test_chain_without_its_root(tmp_path, authority, certificate):
    """The leaf alone: it leads nowhere."""
    leaf = base64.b64encode(openssl("x509", "-in", certificate[0], "-outform", "DER")).decode()
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

    with FakeServer(script) as server:
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
    evil = authority.issue(["a|b.contoso.com"])
    with Lab(tmp_path, authority, evil) as lab:
        done = lab.run("update", "--nagios", "--chain", authority.certificate)
    assert done.returncode == 2
    assert "a/b.contoso.com" in done.stdout
    assert done.stdout.count("|") == done.stdout.count("\n") == 1


def test_two_real_servers_disagree(network, tmp_path):
    """Kea, and a dnsmasq that nobody knew of, behind the same switch."""
    third = network._namespace()
    for command in ("link add br0 type bridge", "link set voice0 master br0", "link set br0 up",
                    f"link add second type veth peer name voice0 netns {third}",
                    "link set second master br0", "link set second up"):
        subprocess.run(in_namespace(network.server, "ip", *command.split()), check=True)
    for command in ("address add 10.20.0.2/16 dev voice0", "link set voice0 up"):
        subprocess.run(in_namespace(third, "ip", *command.split()), check=True)
    rogue = running(*in_namespace(
        third, "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null",
        "--user=root", "--port=0", "--interface=voice0", "--bind-interfaces", "--no-ping",
        f"--pid-file={tmp_path}/pid", f"--dhcp-leasefile={tmp_path}/leases",
        "--dhcp-range=10.20.2.10,10.20.2.99,255.255.0.0,1h", "--domain=fabrikam.com"),
        ready="DHCP, sockets bound")
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
    document = json.loads(run("explain", "--json", "2ee7", "0x2EFD / 503").stdout)
    assert [each["status"] for each in document] == ["0x2EE7/0", "0x2EFD/503"]
    assert document[0]["name"] == "ERROR_WINHTTP_NAME_NOT_RESOLVED"
    assert document[0]["seen_on_phones"] is False
    assert run("explain", "0x1234/0").returncode == 1
    for wrong in ((), ("nonsense",), ("--what",)):
        assert run("explain", *wrong).returncode == 2
    assert run("explain", "--help").returncode == 0
