# SPDX-License-Identifier: MPL-2.0
"""Runs the real ucprov-capubd on free loopback ports, and talks to it octet by octet.

    with publisher.Publisher(directory, {"workers": 1}) as server:
        answer = server.ask("/CertProv/CertProvisioningService.svc", publisher.REQUEST)

It is started when it says so itself (sd_notify(3)), and killed at the end whatever happens. Leaving
the block fails when it had crashed before; end() asks it to end by itself."""

import base64
import collections
import contextlib
import functools
import http.client
import os
import pathlib
import re
import resource
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import warnings
import xml.etree.ElementTree

import certificates
from kea import BUILD
from loopback import free_port
from processes import die_with_parent, wait_until

PROGRAM = BUILD / "ucprov-capubd"
SANITIZED = BUILD / "asan" / "ucprov-capubd"
# LeakSanitizer would stop the process to look at it, which the daemon's seccomp filter forbids.
# Freed memory is kept back for a while, to see who still uses it: little enough to measure the rest.
SANITIZER_OPTIONS = {"ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1:quarantine_size_mb=8",
                     "UBSAN_OPTIONS": "halt_on_error=1"}
START_TIMEOUT = 10  # seconds
VALGRIND_FACTOR = 20
KINDS = ("http", "https", "legacy_https", "admin")
HOST = "pool01.contoso.com"

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = "http://schemas.microsoft.com/OCS/AuthWebServices/"
PATH = "/CertProv/CertProvisioningService.svc"
PATH_DR = "/Branch/Certificates.svc"


def envelope(body, header=""):
    return (f'<s:Envelope xmlns:s="{SOAP}">{header}<s:Body>{body}</s:Body></s:Envelope>').encode()


REQUEST = envelope(f'<GetRootCertChains xmlns="{SERVICE}"/>')

SITE = f"""
pools = {{
  hq = {{ sip_server = "{HOST}"; addresses = "10.1.1.10"; }};
  dr = {{ sip_server = "pool02.contoso.com"; cert_prov_path = "{PATH_DR}"; }};
}};
defaults = {{ domain = "contoso.com"; ntp = "10.1.0.1"; }};
vlans = ( {{ name = "hq-voice"; subnet = "10.20.0.0/16"; pool = "hq"; }},
          {{ name = "dr-voice"; subnet = "10.21.0.0/16"; pool = "dr"; }} );
"""

Answer = collections.namedtuple("Answer", "status headers body version")


# Certificates: RSA keys take long, so that all tests share these.

class Authorities:
    """Two chains, of two certificates and of one, and servers' certificates."""

    def __init__(self, directory):
        self.directory = directory
        self.root = certificates.Authority(directory, "Contoso Root CA", key="ec:prime256v1")
        self.issuing = self.root.authority("Contoso Issuing CA 1", key="ec:prime256v1")
        self.second = certificates.Authority(directory, "<b>Fabrikam & Söhne</b> Root",
                                             key="ec:prime256v1")
        self.server = self.issuing.server(HOST, names=[HOST, "ucupdates-r2"])
        self.other = self.issuing.server(HOST, names=[HOST], key="ec:prime256v1")

    def write(self, name, *texts):
        file = self.directory / name
        file.write_text("".join(texts))
        return file


_KEPT = []  # temporary folders of the session


@functools.lru_cache(maxsize=None)
def authorities():
    folder = tempfile.TemporaryDirectory(prefix="publisher-")
    _KEPT.append(folder)
    return Authorities(pathlib.Path(folder.name))


def fingerprints(*made):
    """What openssl says that certificates' DER is."""
    return [each.der() for each in made]


def chains_in(body):
    """The certificates of each chain of a GetRootCertChainsResponse, as DER."""
    document = xml.etree.ElementTree.fromstring(body)
    response = document.find(f"{{{SOAP}}}Body/{{{SERVICE}}}GetRootCertChainsResponse")
    assert response is not None and response.get("ResponseClass") == "Success", body
    return [certificates.read_pkcs7(base64.b64decode(chain.text, validate=True))
            for chain in response.iter(f"{{{SERVICE}}}CertChain")]


# The site file

def value(setting):
    """A value as libconfig writes it."""
    if isinstance(setting, bool):
        return "true" if setting else "false"
    if isinstance(setting, int):
        return str(setting)
    if isinstance(setting, (list, tuple)):
        return "[ " + ", ".join(map(value, setting)) + " ]"
    return '"' + str(setting).replace("\\", "\\\\").replace('"', '\\"') + '"'


def group(settings):
    """None leaves a setting out."""
    lines = [f"  {name} = {value(each)};" for name, each in settings.items() if each is not None]
    return "ca = {\n" + "\n".join(lines) + "\n};\n"


# Connections

def context_for(kind):
    """As a client: what is modern, or TLS 1.0 alone as Lync Phone Edition speaks it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authorities().root.certificate)
    if kind == "legacy_https":
        context.set_ciphers("AES128-SHA:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    return context


class Wire:
    """A connection, octet by octet."""

    def __init__(self, connected):
        self.socket = connected
        self.read = b""

    def send(self, octets):
        self.socket.sendall(octets)

    def _more(self):
        octets = self.socket.recv(1 << 16)
        self.read += octets
        return octets

    def until(self, end):
        while end not in self.read:
            if not self._more():
                raise http.client.RemoteDisconnected(f"closed after {self.read[-200:]!r}")
        text, _, self.read = self.read.partition(end)
        return text

    def exactly(self, length):
        while len(self.read) < length:
            if not self._more():
                raise http.client.IncompleteRead(self.read[-200:], length - len(self.read))
        octets, self.read = self.read[:length], self.read[length:]
        return octets

    def rest(self):
        """All there is until the other side closes."""
        with contextlib.suppress(ConnectionResetError):
            while self._more():
                pass
        octets, self.read = self.read, b""
        return octets

    def answer(self, head=False):
        """One answer. `head`: to a HEAD request, so that there is no body."""
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, status, _ = lines[0].split(" ", 2)
        headers = http.client.HTTPMessage()
        for line in lines[1:]:
            name, colon, text = line.partition(":")
            assert colon and re.fullmatch(r"[A-Za-z-]+", name), line
            headers[name] = text.strip()
        status = int(status)
        if head or status in (204, 304) or status < 200:
            body = b""
        elif "Content-Length" in headers:
            body = self.exactly(int(headers["Content-Length"]))
        else:
            assert "Transfer-Encoding" not in headers
            body = self.rest()
        return Answer(status, headers, body, version)

    def is_closed(self, seconds=0):
        """Does the other side close, without a word, within so many seconds?"""
        self.socket.settimeout(seconds or 0.001)
        try:
            octets = self.socket.recv(1)
            assert octets == b"", octets
            return True
        except ConnectionResetError:
            return True
        except (TimeoutError, ssl.SSLWantReadError):
            return False
        finally:
            self.socket.settimeout(10)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def message(method, path, body=None, headers=(), version="1.1", host=HOST):
    """A request's octets. Headers are pairs, and go as they are."""
    lines = [f"{method} {path} HTTP/{version}"]
    if host is not None:
        lines.append(f"Host: {host}")
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
        if not any(name.lower() == "content-type" for name, _ in headers):
            lines.append("Content-Type: text/xml; charset=utf-8")
    lines += [f"{name}: {text}" for name, text in headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


SOAP_MESSAGE = message("POST", PATH, REQUEST, [("SOAPAction", f'"{SERVICE}GetRootCertChains"')])


# The daemon

class PublisherError(Exception):
    """It did not start, crashed, or did not end as it should."""


class Publisher:
    """A running ucprov-capubd, in the foreground.

    `settings` are those of the group "ca", over defaults that serve on all kinds of listeners; None
    takes one out. `site` is the text before that group. `command` comes before the program."""

    def __init__(self, directory, settings=None, *, site=SITE, command=(), environment=None,
                 start=True):
        self.directory = pathlib.Path(directory)
        self.site = site
        self.site_file = self.directory / "ucprov.conf"
        self.command = [*command]
        self.program = PROGRAM
        self.patience = VALGRIND_FACTOR if "valgrind" in self.command else 1
        self.environment = environment or {}
        self.process = None
        self.lines = []
        self.notices = []
        self.reader = None
        self.settings = self._defaults()
        self.ports = {kind: free_port() for kind in KINDS}
        self.settings.update({kind: f"127.0.0.1:{port}" for kind, port in self.ports.items()})
        self.settings.update(settings or {})
        self.write()
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind("")  # an abstract name that the kernel chooses
        if start:
            self.start()

    def _defaults(self):
        made = authorities()
        return {
            "chain": self.copy("chain.pem", made.issuing.chain.read_text()),
            "certificate": self.copy("server.pem", made.server.chain.read_text()),
            "key": self.copy("server.key", made.server.key.read_text(), 0o600),
            "legacy_tls": True,
            "user": "root",
            # Otherwise the tests' clients, who are one address, would be held up.
            "max_requests_per_second": 0,
            "max_connections_per_address": 0,
        }

    def copy(self, name, text, mode=0o644):
        """A file beside the site file, put there at once as an operator's tools do."""
        file = self.directory / name
        new = file.with_name(name + ".new")
        new.write_text(text)
        new.chmod(mode)
        os.replace(new, file)
        return file

    def write(self, **changes):
        """The site file; changes stay."""
        self.settings.update(changes)
        self.copy("ucprov.conf", self.site + group(self.settings))

    # Starting and stopping

    def launch(self, *arguments, **options):
        """The command, with the site file."""
        environment = {name: text for name, text in os.environ.items()
                       if name not in ("NOTIFY_SOCKET", "JOURNAL_STREAM")}
        environment.update(self.environment)
        environment.update(options.pop("environment", {}))
        return subprocess.Popen([*self.command, self.program, "-c", self.site_file, *arguments],
                                stdin=subprocess.DEVNULL, preexec_fn=die_with_parent,
                                env=environment, **options)

    def run(self, *arguments):
        """To its end: a start that has to fail, or -n. Returns the CompletedProcess."""
        process = self.launch(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              errors="replace")
        try:
            output, errors = process.communicate(timeout=START_TIMEOUT * self.patience)
        finally:
            process.kill()
            process.wait()
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def begin(self, *arguments):
        """Starts it, without waiting for anything."""
        self.lines, self.notices = [], []
        self.notify.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while self.notify.recv(4096):
                pass  # of one that was there before
        name = "@" + self.notify.getsockname()[1:].decode()
        self.process = self.launch("-d", *arguments, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, environment={"NOTIFY_SOCKET": name})
        self.reader = threading.Thread(target=self._read_log, args=(self.process.stderr,),
                                       daemon=True)
        self.reader.start()

    def start(self):
        try:
            self.begin()
            self.wait_for_notice(lambda notice: "READY=1" in notice.split("\n"))
            self.wait_for_log("TLS 1.0 is offered" if self.settings["legacy_tls"] else "serving ")
        except BaseException:
            self.kill()
            raise

    def _read_log(self, stderr):
        for line in stderr:
            self.lines.append(line.decode("utf-8", "backslashreplace").rstrip("\n"))
        stderr.close()

    def wait_for_notice(self, wanted, seconds=START_TIMEOUT):
        """The next notification that is wanted; all of them are kept in `notices`."""
        deadline = time.monotonic() + seconds * self.patience
        while time.monotonic() < deadline:
            self.notify.settimeout(0.05)
            with contextlib.suppress(TimeoutError):
                self.notices.append(self.notify.recv(4096).decode())
                if wanted(self.notices[-1]):
                    return self.notices[-1]
            if self.process.poll() is not None:
                break
        raise PublisherError(f"ucprov-capubd did not notify: {self.process.poll()}\n{self.log()}")

    def reload(self):
        """Rereads everything; returns what it logged, and waits until it is done."""
        mark = len(self.lines)
        self.process.send_signal(signal.SIGHUP)
        self.wait_for_notice(lambda notice: notice.startswith("READY=1"))
        self.wait_for_log(r"reloaded |the reload is refused", mark)
        return "\n".join(self.lines[mark:])

    def kill(self):
        """No questions asked."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait()
            self.reader.join(5)

    def end(self, seconds=10):
        """Has to end by itself at SIGTERM, with status 0."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(seconds * self.patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise PublisherError(f"ucprov-capubd did not end\n{self.log()}") from None
        self.reader.join(5)
        if status != 0:
            raise PublisherError(f"ucprov-capubd ended with {status}\n{self.log()}")

    def close(self):
        self.kill()
        self.notify.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        status = self.process.poll() if self.process is not None else None
        self.close()
        if kind is None and status not in (None, 0):
            raise PublisherError(f"ucprov-capubd crashed: {status}\n{self.log()}")

    # Looking at it

    def log(self):
        return "\n".join(self.lines)

    def wait_for_log(self, pattern, start=0, seconds=5):
        """The first line that matches; lines of requests come once a second."""
        def find():
            return next((line for line in self.lines[start:] if re.search(pattern, line)), None)
        try:
            return wait_until(find, seconds * self.patience, pattern)
        except TimeoutError:
            raise AssertionError(f"no {pattern!r} in the log:\n{self.log()}") from None

    def status(self):
        """/proc/PID/status"""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)

    def rss(self):
        """Resident memory, kB."""
        return int(self.status()["VmRSS"].split()[0])

    def descriptors(self):
        """How many it has open; 0 where only root may know."""
        try:
            return len(os.listdir(f"/proc/{self.process.pid}/fd"))
        except PermissionError:
            return 0

    # Talking to it

    def plain(self, kind="http", source=None, timeout=10):
        """A TCP connection."""
        return socket.create_connection(("127.0.0.1", self.ports[kind]), timeout,
                                        (source, 0) if source else None)

    def connect(self, kind="http", source=None, context=None):
        """A connection, with TLS where that is spoken."""
        connected = self.plain(kind, source, 10 * self.patience)
        if kind in ("https", "legacy_https"):
            try:
                connected = (context or context_for(kind)).wrap_socket(connected,
                                                                       server_hostname=HOST)
            except BaseException:
                connected.close()
                raise
        return Wire(connected)

    def exchange(self, octets, kind="http", head=False, source=None):
        """One request, of any octets, on a connection of its own."""
        with self.connect(kind, source) as wire:
            wire.send(octets)
            return wire.answer(head)

    def ask(self, path, body=None, headers=(), kind="http", source=None):
        """POST with a body, GET without."""
        method = "GET" if body is None else "POST"
        return self.exchange(message(method, path, body, headers), kind, source=source)

    def fetch_chains(self, kind="http", source=None):
        """As a phone does; the certificates of each chain, as DER."""
        answer = self.exchange(SOAP_MESSAGE, kind, source=source)
        assert answer.status == 200, answer
        return chains_in(answer.body)

    def metrics(self):
        """{(name, (label's value, ...)): number}, by Prometheus's own parser."""
        from prometheus_client.parser import text_string_to_metric_families
        answer = self.ask("/metrics", kind="admin")
        assert answer.status == 200
        return {(sample.name, tuple(sample.labels.values())): sample.value
                for family in text_string_to_metric_families(answer.body.decode())
                for sample in family.samples}

    def failures(self):
        """{reason: how many}, of those that there were."""
        return {labels[0]: number for (name, labels), number in self.metrics().items()
                if name == "ucprov_failures_total" and number > 0}

    def wait_for_failure(self, reason, number=1, seconds=5):
        wait_until(lambda: self.failures().get(reason, 0) >= number, seconds * self.patience,
                   f"{reason}: {self.failures()}")


class SanitizedPublisher(Publisher):
    """The program that is built with sanitizers."""

    def __init__(self, directory, settings=None, descriptors=None):
        limit = () if descriptors is None else ("prlimit", f"--nofile={descriptors}")
        super().__init__(directory, settings, command=limit, environment=SANITIZER_OPTIONS, start=False)
        self.program = SANITIZED
        self.patience = 4
        self.start()

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def set_descriptors(self, count):
        """Its soft limit, while it runs; returns what it was."""
        old, hard = resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (count, hard))
        return old

    def count_log(self, text):
        return sum(text in line for line in self.lines)
