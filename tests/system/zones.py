# SPDX-License-Identifier: MPL-2.0
"""A named with zones of its own, keys, and ucprov-zone's driver to act on them."""

import base64
import hmac
import json
import re
import subprocess
import time

import pytest

from kea import BUILD
from loopback import free_port
from processes import die_with_parent, wait_until

DRIVER = BUILD / "tests" / "server_driver"


SECRETS = {"phones": "hmac-sha256", "phones512": "hmac-sha512"}


SECRET = "c2l4dGVlbiBvY3RldHMgYW5kIG1vcmUgb2YgdGhlbQ=="


OTHER_SECRET = "YW5vdGhlciBzZWNyZXQsIHdoaWNoIGlzIG5vdCBpdCE="


RECORDS = """zone contoso.test
_ntp._udp.contoso.test 3600 SRV 0 0 123 ntp.contoso.test
_sipinternaltls._tcp.contoso.test 3600 SRV 0 0 5061 pool01.contoso.test
sip.contoso.test 3600 A 10.1.1.10
sip.contoso.test 3600 A 10.1.1.11
ucupdates-r2.contoso.test 3600 A 10.1.1.10
ucupdates-r2.contoso.test 3600 A 10.1.1.11
zone emea.contoso.test
ucupdates-r2.emea.contoso.test 3600 A 10.1.1.10
"""


ZONE = """$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
ns A 127.0.0.1
www A 10.9.9.9
www TXT "not ours"
pool01 A 10.1.1.10
"""


def named_configuration(port, zones, secret):
    keys = "".join(f'key "{name}" {{ algorithm {algorithm}; secret "{secret}"; }};\n'
                   for name, algorithm in SECRETS.items())
    grants = " ".join(f"key {name};" for name in SECRETS)
    text = f"""{keys}
options {{ directory "."; pid-file none; session-keyfile none; listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 port {port} {{ ::1; }}; recursion no; dnssec-validation no; notify no;
  allow-transfer {{ 127.0.0.1; }}; }};
controls {{ }};
logging {{ channel all {{ stderr; severity debug 1; }}; category update {{ all; }}; }};
"""
    for name, writable in zones.items():
        allow = f"allow-update {{ {grants} }};" if writable else ""
        text += f'zone "{name}" {{ type primary; file "{name}.zone"; {allow} }};\n'
    return text


class Named:
    """A named on loopback, with zones in a directory of its own; killed at the end."""

    def __init__(self, directory, zones, secret=SECRET):
        self.directory, self.port = directory, free_port()
        self.server = f"127.0.0.1#{self.port}"
        for name, text in zones.items():
            (directory / f"{name}.zone").write_text(text[0])
        (directory / "named.conf").write_text(named_configuration(
            self.port, {name: text[1] for name, text in zones.items()}, secret))
        self.log = directory / "named.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["/usr/sbin/named", "-g", "-n", "1", "-c", "named.conf"], cwd=directory,
                stdout=log, stderr=log, preexec_fn=die_with_parent)

    def __enter__(self):
        try:
            wait_until(self._is_ready, 20, "named starts")
        except BaseException:
            self._kill()
            raise
        return self

    def __exit__(self, *_):
        self._kill()

    def _kill(self):
        self.process.kill()
        self.process.wait()

    def _is_ready(self):
        assert self.process.poll() is None, self.log.read_text()
        log = self.log.read_text()
        assert "interface failed" not in log, log
        return re.search(r" running$", log, re.MULTILINE)  # not "running on Linux"

    def dig(self, *arguments):
        return subprocess.run(["dig", "@127.0.0.1", "-p", str(self.port), "+short", "+tries=1",
                               *arguments], capture_output=True, text=True, check=True,
                              timeout=20).stdout

    def values(self, owner, kind="A"):
        return sorted(self.dig(owner, kind).split("\n")[:-1])

    def serial(self, zone="contoso.test"):
        return int(self.dig(zone, "SOA").split()[2])

    def records(self, zone="contoso.test"):
        """Everything in the zone but the SOA record."""
        done = subprocess.run(["dig", "@127.0.0.1", "-p", str(self.port), "+noall", "+answer",
                               zone, "AXFR"], capture_output=True, text=True, check=True,
                              timeout=20)
        lines = {" ".join(line.split()) for line in done.stdout.splitlines() if line}
        return {line for line in lines if " SOA " not in line}

    def updates(self):
        """How many updates the log tells of, refused ones, too."""
        return len(re.findall(r"updating zone|update '[^']*' denied|update failed|unsuccessful",
                              self.log.read_text()))

    def nsupdate(self, *lines):
        key = f"hmac-sha256:phones:{SECRET}"
        subprocess.run(["nsupdate", "-y", key], text=True, check=True, timeout=20,
                       capture_output=True,
                       input="\n".join([f"server 127.0.0.1 {self.port}", *lines, "send", ""]))


class Outcome:
    def __init__(self, done):
        self.status, self.text, self.errors = done.returncode, done.stdout, done.stderr
        assert self.status in (0, 1, 2, 3), (self.status, self.text, self.errors)
        assert SECRET not in self.text + self.errors
        assert OTHER_SECRET not in self.text + self.errors
        self.document = json.loads(self.text) if self.text.startswith("{") else None


def write_key(directory, name="phones", algorithm="hmac-sha256", secret=SECRET, mode=0o600):
    file = directory / f"{name}.key"
    file.write_text(f'key "{name}" {{\n  algorithm {algorithm};\n  secret "{secret}";\n}};\n')
    file.chmod(mode)
    return file


@pytest.fixture
def act(directory):
    """Runs the driver upon a list of records."""
    def run(*arguments, records=RECORDS):
        (directory / "records").write_text(records)
        return Outcome(subprocess.run(
            [str(DRIVER), str(directory / "records"), *map(str, arguments)], timeout=60,
            capture_output=True, text=True, check=False))
    return run


@pytest.fixture
def key(directory):
    return write_key(directory)


@pytest.fixture
def named(directory):
    """With one zone, contoso.test, which holds emea.contoso.test, too."""
    with Named(directory, {"contoso.test": (ZONE, True)}) as running:
        yield running


def with_code(code, flags=0x84):
    return lambda query: [query[:2] + bytes([flags, code]) + query[4:]]


TSIG_NAME = b"\x06phones\0"


HMACS = {"hmac-sha256": "sha256", "hmac-sha512": "sha512", "hmac-sha1": "sha1",
         "hmac-md5.sig-alg.reg.int": "md5"}


def wire_name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def u16(number):
    return number.to_bytes(2, "big")


class Signer:
    """Makes REFUSED of a query by "phones", and signs it. Each field may be another."""

    def __init__(self, **changes):
        self.changes = changes

    def __call__(self, query):
        def field(name, default):
            return self.changes.get(name, default)
        algorithm = field("algorithm", "hmac-sha256")
        start = query.rindex(TSIG_NAME + b"\x00\xfa\x00\xff")
        mac_at = start + len(TSIG_NAME) + 10 + len(wire_name("hmac-sha256")) + 8
        request_mac = query[mac_at:mac_at + 2 + int.from_bytes(query[mac_at:mac_at + 2], "big")]
        message = query[:2] + b"\xa8\x05" + query[4:10] + b"\0\0" + query[12:start]
        signed_at = (int(time.time()) + field("later", 0)).to_bytes(6, "big") + u16(300)
        original = field("original_id", message[:2])
        mac = hmac.new(
            base64.b64decode(field("secret", SECRET)),
            field("request_mac", request_mac) + original + message[2:]
            + wire_name(field("signed_key", "phones")) + b"\0\xff\0\0\0\0"
            + wire_name(algorithm) + signed_at + b"\0\0\0\0", HMACS[algorithm]).digest()
        mac = field("mac", lambda mac: mac)(mac)
        data = (field("algorithm_wire", wire_name(algorithm)) + signed_at + u16(len(mac)) + mac
                + original + b"\0\0\0\0")
        tsig = (wire_name(field("key", "phones")) + b"\x00\xfa\x00\xff\0\0\0\0" + u16(len(data))
                + data)
        answer = message[:10] + u16(1) + message[12:] + tsig
        return [field("after", lambda answer: answer)(answer)]
