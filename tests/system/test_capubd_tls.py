# SPDX-License-Identifier: MPL-2.0
"""ucprov-capubd: TLS, modern and of Lync Phone Edition's age; and what an operator learns from a
handshake that fails. The ClientHellos of old phones are written octet by octet."""

import contextlib
import itertools
import re
import socket
import ssl
import struct
import subprocess
import time

import pytest

import certificates
import publisher
from publisher import HOST, SOAP_MESSAGE
from tls import client_hello, extension, sni, sslv2_client_hello


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with publisher.Publisher(tmp_path_factory.mktemp("tls")) as running:
        yield running
        running.end()


@pytest.fixture
def address():
    """Of this test's client: lines of other tests may come late."""
    return f"127.0.2.{next(ADDRESSES)}"


ADDRESSES = itertools.count(1)


def s_client(server, kind, *arguments, octets=b"", wait=0.0, address="127.0.0.1"):
    """openssl s_client; returns all it said. `wait`: seconds before its input ends."""
    with subprocess.Popen(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{server.ports[kind]}",
             "-bind", f"{address}:0", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            process.stdin.write(octets)
            process.stdin.flush()
            time.sleep(wait)
            output, _ = process.communicate(timeout=15)
        finally:
            process.kill()
    return output.decode("latin-1")


CLOSING = SOAP_MESSAGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)


def send_raw(server, kind, octets, address="127.0.0.1"):
    """What comes back until the server closes."""
    with contextlib.closing(server.plain(kind, address)) as client:
        with contextlib.suppress(OSError):  # it may have had enough before the end
            client.sendall(octets)
            client.shutdown(socket.SHUT_WR)
        return publisher.Wire(client).rest()


def failed(server, address, kind="https"):
    """The line of a failed handshake: (reason, what the client offers)."""
    line = server.wait_for_log(f" {re.escape(address)}: TLS handshake failed")
    match = re.fullmatch(rf"\S+ {re.escape(address)}: TLS handshake failed on {kind}: (.*); "
                         "the client offers (.*)", line)
    assert match, line
    return match.groups()


# What is offered

def test_tls_1_0_on_the_legacy_listener(server):
    made = publisher.authorities()
    output = s_client(server, "legacy_https", "-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0",
                      "-CAfile", str(made.root.certificate), "-verify_return_error", "-ign_eof",
                      octets=CLOSING)
    assert re.search(r"Protocol *: TLSv1\n", output), output
    assert re.search(r"Cipher *: AES128-SHA\n", output)
    assert "Verify return code: 0 (ok)" in output
    assert "HTTP/1.1 200 OK" in output and "GetRootCertChainsResponse" in output
    assert "TLS session ticket" in output or "Session-ID:" in output


@pytest.mark.parametrize("suite", ["AES128-SHA", "AES256-SHA", "ECDHE-RSA-AES128-SHA",
                                   "ECDHE-RSA-AES256-SHA", "DHE-RSA-AES128-SHA"])
@pytest.mark.parametrize("version", ["-tls1", "-tls1_1", "-tls1_2"])
def test_legacy_suites(server, version, suite):
    output = s_client(server, "legacy_https", version, "-cipher", f"{suite}:@SECLEVEL=0")
    assert re.search(rf"Cipher *: {suite}\n", output), output


def test_legacy_listener_has_no_newer_version(server):
    output = s_client(server, "legacy_https", "-tls1_3")
    assert "Cipher is (NONE)" in output


def test_without_legacy_tls_there_is_none(tmp_path):
    settings = {"legacy_https": None, "legacy_tls": None}
    with publisher.Publisher(tmp_path, settings) as server:
        with pytest.raises(ConnectionRefusedError):
            server.plain("legacy_https")
        assert "TLS 1.0" not in server.log()


@pytest.mark.parametrize("version, name", [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")])
def test_modern_versions(server, version, name):
    made = publisher.authorities()
    output = s_client(server, "https", version, "-CAfile", str(made.root.certificate),
                      "-servername", "ucupdates-r2", "-verify_hostname", "ucupdates-r2",
                      "-verify_return_error", "-showcerts", "-ign_eof", octets=CLOSING)
    assert f"New, {name}, Cipher is" in output, output
    assert "Verification: OK" in output and "Verified peername: ucupdates-r2" in output
    assert certificates.read_pem(output) == publisher.fingerprints(made.server, made.issuing)
    assert "HTTP/1.1 200 OK" in output


def test_an_ec_key_serves_too(tmp_path):
    made = publisher.authorities()
    with publisher.Publisher(tmp_path, start=False) as server:
        server.copy("server.pem", made.other.chain.read_text())
        server.copy("server.key", made.other.key.read_text(), 0o640)
        server.start()
        assert "ECDSA" in s_client(server, "https", "-tls1_2")
        assert len(server.fetch_chains("https")) == 1


def test_sessions_are_resumed(server):
    output = s_client(server, "https", "-tls1_2", "-reconnect")
    assert output.count("Reused, TLSv1.2") == 5, output


def test_weak_modern_suites_are_not_there(server):
    for suite in ("NULL", "RC4", "3DES", "aNULL", "EXPORT"):
        output = s_client(server, "https", "-tls1_2", "-cipher", f"{suite}:@SECLEVEL=0")
        assert "Cipher is (NONE)" in output or "no cipher match" in output, (suite, output)


# What is refused, and what is learned from it

def test_tls_1_0_is_refused_on_the_modern_listener(server, address):
    output = s_client(server, "https", "-tls1", "-cipher", "AES128-SHA:AES256-SHA:@SECLEVEL=0",
                      "-servername", HOST, address=address)
    assert "alert protocol version" in output
    reason, offer = failed(server, address)
    assert reason == "unsupported protocol"
    assert offer == (f"up to TLS 1.0; SNI {HOST}; 3 suites: AES128-SHA AES256-SHA "
                     "(renegotiation info)")


def test_tls_1_1_is_refused_too(server, address):
    s_client(server, "https", "-tls1_1", "-cipher", "AES128-SHA:@SECLEVEL=0", "-noservername",
             address=address)
    reason, offer = failed(server, address)
    assert reason == "unsupported protocol"
    assert offer == "up to TLS 1.1; no SNI; 2 suites: AES128-SHA (renegotiation info)"


@pytest.mark.parametrize("kind", ["https", "legacy_https"])
def test_old_suites_are_named(server, address, kind):
    answer = send_raw(server, kind, client_hello(
        0x0301, [0x0004, 0x0005, 0x000a, 0x0009, 0x0064, 0x0062, 0x0003, 0x0006]), address)
    assert answer[:1] == b"\x15" and answer[5] == 2  # a fatal alert (RFC 2246 7.2)
    reason, offer = failed(server, address, kind)
    assert reason == ("no shared cipher" if kind == "legacy_https" else "unsupported protocol")
    assert offer == ("up to TLS 1.0; no SNI; 8 suites: RC4-MD5 RC4-SHA DES-CBC3-SHA DES-CBC-SHA "
                     "EXP1024-RC4-SHA EXP1024-DES-CBC-SHA EXP-RC4-MD5 EXP-RC2-CBC-MD5")


def test_versions_grease_and_unknown_suites(server, address):
    versions = b"\x06" + b"\x0a\x0a" + b"\x7f\x1c" + b"\x03\x01"
    send_raw(server, "https", client_hello(
        0x0303, [0xffe0, *range(0xcc00, 0xcc20)], sni(b"a.b") + extension(43, versions)),
             address)
    _, offer = failed(server, address)
    assert offer == ("TLS 0x7f1c, TLS 1.0; SNI a.b; 33 suites: 0xFFE0 "
                     + " ".join(f"0x{suite:04X}" for suite in range(0xcc00, 0xcc0b)) + " ...")


def test_hello_in_the_form_of_ssl_2(server, address):
    send_raw(server, "https", sslv2_client_hello(0x0301, [0x000005, 0x00000a, 0x010080]),
             address)
    reason, offer = failed(server, address)
    assert reason == "unsupported protocol"
    assert offer.startswith("up to TLS 1.0; no SNI; ")
    # SSL 2.0's own suites have three octets; those of TLS are among them with a zero in front.
    assert " RC4-SHA DES-CBC3-SHA" in offer and "0x" not in offer.replace("0x010080", ""), offer


def test_hello_in_the_form_of_ssl_2_is_served(server):
    answer = send_raw(server, "legacy_https", sslv2_client_hello(0x0301, [0x00002f]))
    assert answer[0] == 0x16 and answer[5] == 2  # a ServerHello


def test_ssl_3(server, address):
    send_raw(server, "legacy_https", client_hello(0x0300, [0x002f], record_version=0x0300),
             address)
    reason, offer = failed(server, address, "legacy_https")
    assert reason in ("unsupported protocol", "version too low")
    assert offer == "up to SSL 3.0; no SNI; 1 suites: AES128-SHA"


def test_hostile_names_stay_on_one_line(server):
    names = [b"a\nb", b"\x1b[31m", b"x" * 255, b"\\", b"\xff\0", b"a" * 256, b""]
    for number, name in enumerate(names):
        send_raw(server, "https", client_hello(0x0301, [5], sni(name)), f"127.0.3.{number}")
    for number, name in enumerate(names):
        _, offer = failed(server, f"127.0.3.{number}")
        assert re.fullmatch("[ -~]+", offer) and offer.endswith("; 1 suites: RC4-SHA"), name


def test_a_client_that_does_not_know_the_ca(server, address):
    """A phone without the chain: this is what an operator should see."""
    before = server.failures().get("tls_alert", 0)
    context = ssl.create_default_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # with 1.3 the alert comes after the handshake
    with pytest.raises(ssl.SSLCertVerificationError):
        server.connect("https", address, context)
    reason, offer = failed(server, address)
    assert "unknown ca" in reason and f"SNI {HOST}" in offer
    assert server.failures()["tls_alert"] == before + 1


def test_plain_http(server, address):
    send_raw(server, "https", SOAP_MESSAGE, address)
    reason, offer = failed(server, address)
    assert reason == "http request" and offer == "nothing that is TLS"


def test_garbage(server):
    garbage = [b"\0" * 100, b"\xff" * 5000, b"SSH-2.0-x\r\n" * 10,
               b"\x16\x03\x01\xff\xff" + b"\0" * 70000,
               b"\x16\x03\x01\0\x05\x01\xff\xff\xff\0",
               b"\x80\x2e\x01\x03\x01" + b"\xff" * 60]
    for number, octets in enumerate(garbage):
        send_raw(server, "https", octets, f"127.0.4.{number}")
    for number in range(len(garbage)):
        failed(server, f"127.0.4.{number}")
    assert len(server.fetch_chains("https")) == 1


def test_who_only_looks_whether_the_port_is_open_is_not_logged(server, address):
    for kind in ("https", "legacy_https"):
        server.plain(kind, address).close()
    time.sleep(1.2)
    assert not [line for line in server.lines if f" {address}: " in line]


@pytest.mark.parametrize("reset", [False, True], ids=["closes", "resets"])
def test_a_client_that_leaves(server, address, reset):
    before = server.failures().get("tls_closed", 0)
    with contextlib.closing(server.plain("https", address)) as client:
        client.sendall(client_hello(0x0303, [0xc02f, 0x009c], sni(HOST.encode())
                                    + extension(10, b"\0\x02\0\x17") + extension(11, b"\x01\0")
                                    + extension(13, b"\0\x02\x08\x04")))
        assert client.recv(1 << 16)[0] == 0x16
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    reason, offer = failed(server, address)
    assert reason != "unknown error"
    assert offer.startswith(f"up to TLS 1.2; SNI {HOST}; 2 suites: ECDHE-RSA-AES128-GCM-SHA256")
    assert server.failures().get("tls_closed", 0) == before + 1


@pytest.mark.parametrize("kind, version", [("https", "-tls1_2"), ("legacy_https", "-tls1")])
def test_renegotiation_is_refused(server, kind, version):
    output = s_client(server, kind, version, "-cipher", "DEFAULT:@SECLEVEL=0", octets=b"R\n",
                      wait=0.5)
    assert "RENEGOTIATING" in output and "no renegotiation" in output, output


def test_handshake_octet_by_octet(server):
    """Records may come in any pieces."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = publisher.context_for("https").wrap_bio(incoming, outgoing, server_hostname=HOST)
    with contextlib.closing(server.plain("https")) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def flush():
            for octet in outgoing.read():
                client.sendall(bytes([octet]))

        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                flush()
                incoming.write(client.recv(1 << 16))
        tls.write(SOAP_MESSAGE)
        flush()
        answer = b""
        while b"</s:Envelope>" not in answer:
            incoming.write(client.recv(1 << 16))
            with contextlib.suppress(ssl.SSLWantReadError):
                while True:
                    answer += tls.read(1 << 16)
        assert answer.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.quiet
def test_many_failures_do_not_flood_the_log(tmp_path):
    with publisher.Publisher(tmp_path, {"workers": 1}) as server:
        mark = len(server.lines)
        for _ in range(300):
            send_raw(server, "https", client_hello(0x0301, [5]))
        server.wait_for_failure("tls_version", 300)
        time.sleep(1.2)
        assert len(server.lines) - mark == 1, "the first of that address"


def test_a_server_certificate_that_leads_elsewhere_is_warned_of(tmp_path):
    stranger = certificates.Certificate(tmp_path, HOST, names=[HOST], key="ec:prime256v1")
    settings = {"certificate": stranger.certificate, "key": stranger.key}
    with publisher.Publisher(tmp_path, start=False, settings=settings) as server:
        stranger.key.chmod(0o600)
        server.start()
        line = server.wait_for_log("warning: .*ca.certificate")
        assert str(stranger.certificate) in line and "refuse this server's TLS" in line
