# SPDX-License-Identifier: MPL-2.0
"""ucprov-zone --check, --update and --remove against a real named, through the driver
tests/dns-tools/server_driver.c, which takes its records from a list."""
import base64
import contextlib
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time

import pytest

from kea import BUILD
from loopback import free_port
from processes import die_with_parent, wait_until
from servers import TcpServer, UdpServer
from zones import (DRIVER, Named, OTHER_SECRET, Outcome, RECORDS, SECRET,
                   SECRETS, Signer, TSIG_NAME, ZONE, act, key, named, u16,
                   wire_name, with_code, write_key)

ZONE_PROGRAM = BUILD / "ucprov-zone"


@contextlib.contextmanager
def named_with(directory, *lines, **zones):
    zones = {name.replace("_", "."): value for name, value in zones.items()}
    text = ZONE + "\n".join(lines) + "\n"
    with Named(directory, {"contoso.test": (text, True), **zones}) as running:
        yield running


# What it is for

def test_update_then_check_then_nothing(named, act, key):
    before = named.records()
    updated = act("--update", named.server, "--tsig", key)
    assert (updated.status, updated.errors) == (0, "")
    assert updated.text == "contoso.test: 7 records added, 0 deleted\n"
    assert named.values("ucupdates-r2.contoso.test") == ["10.1.1.10", "10.1.1.11"]
    assert named.values("_sipinternaltls._tcp.contoso.test", "SRV") == [
        "0 0 5061 pool01.contoso.test."]
    assert named.values("ucupdates-r2.emea.contoso.test") == ["10.1.1.10"]
    assert before < named.records()

    checked = act("--check", named.server)
    assert (checked.status, checked.errors) == (0, "")
    assert checked.text.endswith("\n5 right\n")

    serial, updates = named.serial(), named.updates()
    again = act("--update", named.server, "--tsig", key)
    assert (again.status, again.errors) == (0, "")
    assert again.text == "nothing to do: 5 record sets are as they should be\n"
    assert (named.serial(), named.updates()) == (serial, updates)


def test_one_message_a_zone(named, act, key):
    serial = named.serial()
    act("--update", named.server, "--tsig", key)
    assert named.serial() == serial + 1  # one for each message


@pytest.mark.parametrize("name", SECRETS)
def test_every_algorithm(named, act, directory, name):
    file = write_key(directory, name, SECRETS[name])
    assert act("--update", named.server, "--tsig", file).status == 0
    assert act("--check", named.server).status == 0


def test_only_what_differs(directory, act, key):
    with named_with(directory, "ucupdates-r2 3600 A 10.1.1.10", "ucupdates-r2 3600 A 10.1.1.99",
                    "sip 60 A 10.1.1.10", "sip 60 A 10.1.1.11",
                    'ucupdates-r2 TXT "not ours"') as named:
        shown = act("--update", named.server, "--tsig", key, "--dry-run")
        assert shown.status == 3, "changes are pending"
        assert shown.text.splitlines() == [
            "; zone contoso.test: 6 records to add, 3 to delete",
            "+_ntp._udp.contoso.test. 3600 IN SRV 0 0 123 ntp.contoso.test.",
            "+_sipinternaltls._tcp.contoso.test. 3600 IN SRV 0 0 5061 pool01.contoso.test.",
            "-sip.contoso.test. 60 IN A 10.1.1.10", "-sip.contoso.test. 60 IN A 10.1.1.11",
            "+sip.contoso.test. 3600 IN A 10.1.1.10", "+sip.contoso.test. 3600 IN A 10.1.1.11",
            "-ucupdates-r2.contoso.test. 3600 IN A 10.1.1.99",
            "+ucupdates-r2.contoso.test. 3600 IN A 10.1.1.11",
            "+ucupdates-r2.emea.contoso.test. 3600 IN A 10.1.1.10"]
        assert named.updates() == 0
        assert act("--update", named.server, "--tsig", key).status == 0
        records = named.records()
        assert "sip.contoso.test. 3600 IN A 10.1.1.10" in records
        assert 'ucupdates-r2.contoso.test. 300 IN TXT "not ours"' in records
        assert not any("10.1.1.99" in record for record in records)
        for more in ((), ("--dry-run",), ("--dry-run", "--json")):
            again = act("--update", named.server, "--tsig", key, *more)
            assert again.status == 0 and ("nothing to do" in again.text) == ("--json" not in more)


def test_remove_takes_ours_alone(directory, act, key):
    with named_with(directory, 'sip TXT "not ours"', "sip A 10.8.8.8",
                    "ucupdates-r2.emea A 10.8.8.8") as named:
        before = named.records()
        named.nsupdate(*[f"update add {name}.contoso.test 3600 A {address}" for name, address in (
            ("sip", "10.1.1.10"), ("ucupdates-r2", "10.1.1.10"), ("ucupdates-r2", "10.1.1.11"))])
        assert act("--update", named.server, "--tsig", key, "--remove", "--dry-run").status == 3
        removed = act("--update", named.server, "--tsig", key, "--remove")
        assert (removed.status, removed.errors) == (0, "")
        assert removed.text == "contoso.test: 0 records added, 3 deleted\n"
        # The other value of an RRset takes the TTL of ours, as RFC 2181 section 5.2 demands.
        without_ttl = [{re.sub(r" \d+ IN ", " IN ", record) for record in records}
                       for records in (before, named.records())]
        assert without_ttl[0] == without_ttl[1]
        again = act("--update", named.server, "--tsig", key, "--remove")
        assert again.text == "nothing to do: none of our records is there\n"


def test_remove_after_update_leaves_the_zone_as_it_was(named, act, key):
    before = named.records()
    act("--update", named.server, "--tsig", key)
    assert act("--update", named.server, "--tsig", key, "--remove").status == 0
    assert named.records() == before


SITE = """
pools = { hq = { sip_server = "pool01.contoso.test"; addresses = [ "10.1.1.10", "10.1.1.11" ]; }; };
vlans = ( { name = "voice"; subnet = "10.20.0.0/16"; pool = "hq"; domain = "contoso.test"; ntp = [ ];
            search = [ "contoso.test", "emea.contoso.test" ]; } );
dns = { sip_domains = [ "contoso.test" ]; ntp_host = "ntp.contoso.test"; };
"""


def test_the_program_itself(named, directory, key):
    """From a site file to a named that has its records, and back."""
    def run(*arguments):
        return Outcome(subprocess.run([str(ZONE_PROGRAM), "-c", str(site), *map(str, arguments)],
                                      capture_output=True, text=True, check=False, timeout=60))
    site = directory / "site.conf"
    site.write_text(SITE)
    before = named.records()
    assert run("--check", named.server).status == 1
    updated = run("--update", named.server, "--tsig", key)
    assert (updated.status, updated.errors) == (0, "")
    assert run("--check", named.server).status == 0
    assert named.values("ucupdates-r2.emea.contoso.test") == ["10.1.1.10", "10.1.1.11"]
    serial = named.serial()
    assert run("--update", named.server, "--tsig", key).text.startswith("nothing to do")
    assert named.serial() == serial
    assert run("--update", named.server, "--tsig", key, "--remove").status == 0
    # pool01 was there before, with one of our values: it is ours by the site file.
    assert before - named.records() <= {"pool01.contoso.test. 300 IN A 10.1.1.10"}
    assert named.records() < before


# Refused, nothing half-done

def refused(named, outcome, *words):
    assert outcome.status == 1, outcome.errors
    assert all(word in outcome.errors for word in words), outcome.errors
    assert outcome.text == ""


def test_unknown_key(named, act, directory):
    before = named.records()
    file = write_key(directory, "stranger")
    refused(named, act("--update", named.server, "--tsig", file), "BADKEY", "stranger")
    assert named.records() == before


def test_wrong_secret(named, act, directory):
    before = named.records()
    file = write_key(directory, secret=OTHER_SECRET)
    refused(named, act("--update", named.server, "--tsig", file), "BADSIG", "copy the key file")
    assert named.records() == before


def test_wrong_algorithm(named, act, directory):
    file = write_key(directory, algorithm="hmac-sha512")
    refused(named, act("--update", named.server, "--tsig", file), "BADKEY")


def test_without_key(named, act):
    before = named.records()
    refused(named, act("--update", named.server), "REFUSED", "--tsig",
            "contoso.test: nothing has been changed")
    assert named.records() == before


def test_read_only_zone(directory, act, key):
    with Named(directory, {"contoso.test": (ZONE, False)}) as named:
        before = named.records()
        refused(named, act("--update", named.server, "--tsig", key), "REFUSED", "allow-update")
        assert named.records() == before


def test_no_such_zone(directory, act, key):
    with Named(directory, {"elsewhere.test": (ZONE, True)}) as named:
        refused(named, act("--update", named.server, "--tsig", key), "REFUSED", "no such zone")


def test_alias_is_not_ours(directory, act, key):
    with named_with(directory, "ucupdates-r2 CNAME www",
                    emea_contoso_test=(ZONE, True)) as named:
        before = named.records()
        outcome = act("--update", named.server, "--tsig", key)
        assert outcome.status == 1, outcome.errors
        assert "ucupdates-r2.contoso.test is an alias (CNAME) for www.contoso.test" \
            in outcome.errors
        assert "contoso.test: nothing has been changed" in outcome.errors
        assert named.records() == before
        # Another zone is not concerned.
        assert outcome.text == "emea.contoso.test: 1 record added, 0 deleted\n"
        assert act("--update", named.server, "--tsig", key, "--remove").status == 0
        assert named.records() == before


@pytest.mark.parametrize("line, code", [
    ("update add ucupdates-r2.contoso.test 60 A 10.7.7.7", "YXRRSET"),
    ("update add ucupdates-r2.contoso.test 60 CNAME www.contoso.test", "YXRRSET"),
    ("update delete www.contoso.test A\nupdate delete sip.contoso.test A", "NXRRSET")])
def test_concurrent_change(directory, act, key, line, code):
    """Somebody changes the zone between our look and our update."""
    with named_with(directory, "sip A 10.1.1.99") as named, \
            Gate(named.port, lambda: named.nsupdate(*line.split("\n"))) as gate:
        outcome = act("--update", gate.server, "--tsig", key)
        refused(named, outcome, code, "changed meanwhile", "nothing has been changed")
        assert not any(" 10.1.1.1" in record for record in named.records()
                       if not record.startswith("pool01"))
        assert gate.passed


def test_answer_is_lost(named, act, key):
    """The update arrives and its answer does not: not sent twice, and another run puts it right."""
    serial = named.serial()
    with Gate(named.port, lambda: None, swallow=True) as gate:
        outcome = act("--update", gate.server, "--tsig", key)
    assert outcome.status == 2
    assert "whether the update was done is unknown: run this again" in outcome.errors
    assert named.serial() == serial + 1
    assert act("--update", named.server, "--tsig", key).text.startswith("nothing to do")


class Gate:
    """Passes UDP and TCP on to a server; does something before the first TCP connection, which is
    that of an update, and may swallow its answer."""

    def __init__(self, port, before_tcp, swallow=False):
        self.port, self.before_tcp, self.swallow = port, before_tcp, swallow
        self.passed = False
        self.tcp = socket.create_server(("127.0.0.1", free_port()))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(self.tcp.getsockname())
        self.server = f"127.0.0.1#{self.tcp.getsockname()[1]}"
        self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.out.connect(("127.0.0.1", port))

    def __enter__(self):
        for function in (self._datagrams, self._stream):
            threading.Thread(target=function, daemon=True).start()
        return self

    def __exit__(self, *_):
        for each in (self.tcp, self.udp, self.out):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _datagrams(self):
        with contextlib.suppress(OSError):
            while True:
                octets, address = self.udp.recvfrom(65535)
                if not octets:
                    return
                self.out.send(octets)
                self.udp.sendto(self.out.recv(65535), address)

    def _stream(self):
        with contextlib.suppress(OSError):
            client, _ = self.tcp.accept()
            with client, socket.create_connection(("127.0.0.1", self.port)) as server:
                octets = client.recv(65535)
                while len(octets) < 2 + int.from_bytes(octets[:2], "big"):
                    octets += client.recv(65535)
                self.before_tcp()
                self.passed = True
                server.sendall(octets)
                answer = server.recv(65535)
                while len(answer) < 2 + int.from_bytes(answer[:2], "big"):
                    answer += server.recv(65535)
                if not self.swallow:
                    client.sendall(answer)


# Servers that are not there

@pytest.mark.parametrize("arguments", [("--check",), ("--update",)])
def test_server_is_down(act, arguments):
    port = free_port()
    outcome = act(*arguments, f"127.0.0.1#{port}")
    assert outcome.status == 2
    assert "connection refused" in outcome.errors


def test_server_is_silent(act):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        begin = time.monotonic()
        outcome = act("--check", f"127.0.0.1#{deaf.getsockname()[1]}")
    assert outcome.status == 2
    assert "no answer in time" in outcome.errors
    assert time.monotonic() - begin < 15


@pytest.mark.parametrize("server", ["", "#53", "127.0.0.1#", "127.0.0.1#0", "127.0.0.1#65536",
                                    "127.0.0.1#5x", "127.0.0.1.9", "x" * 400])
def test_no_server(act, server):
    outcome = act("--check", server)
    assert outcome.status == 2
    assert outcome.errors.startswith("ucprov-zone: ")


def has_ipv6():
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 loopback on this machine")
def test_ipv6_server(named, act, key):
    assert act("--update", f"::1#{named.port}", "--tsig", key).status == 0
    assert act("--check", f"::1#{named.port}").status == 0


class Liar(UdpServer):
    """Answers each datagram with what a function makes of it."""

    def __init__(self, answers, port=0):
        super().__init__(answers, ("127.0.0.1", port))
        self.server = f"127.0.0.1#{self.port}"


@pytest.mark.parametrize("code, word", [(1, "FORMERR"), (2, "SERVFAIL"), (4, "NOTIMP"),
                                        (5, "REFUSED"), (9, "NOTAUTH"), (11, "code 11")])
def test_response_codes(act, code, word):
    with Liar(with_code(code)) as liar:
        checked = act("--check", liar.server)
        assert checked.status == 1
        assert checked.text.count(word) == 5
        assert checked.text.endswith("\n0 right, 5 error\n")
        assert max(map(len, checked.text.splitlines())) <= 80
        refused(None, act("--update", liar.server), word)


def test_lame_server(act):
    with Liar(with_code(0, flags=0x80)) as liar:
        refused(None, act("--update", liar.server), "is not authoritative for")


def test_unsigned_answers_are_not_trusted(act, key):
    """The answer is the query's header and question: without TSIG."""
    with Liar(lambda query: [query[:2] + b"\x84\x00" + query[4:10] + b"\x00\x00"
                             + query[12:query.index(b"\0", 12) + 5]]) as liar:
        refused(None, act("--update", liar.server, "--tsig", key), "does not sign its answer")


def test_own_signature_is_no_answer(act, key):
    """The query with its own TSIG record, sent back as the answer."""
    with Liar(with_code(0)) as liar:
        refused(None, act("--update", liar.server, "--tsig", key), "the signature of")


@pytest.mark.parametrize("error, word", [(16, "BADSIG"), (17, "BADKEY"), (18, "BADTIME"),
                                         (22, "BADTRUNC"), (99, "TSIG error 99")])
def test_tsig_errors(act, key, error, word):
    """The query's TSIG record ends in error and length of the other data: 0 and 0."""
    with Liar(lambda query: [query[:2] + b"\xa8\x09" + query[4:-4] + bytes([0, error, 0, 0])]) \
            as liar:
        refused(None, act("--update", liar.server, "--tsig", key), word)


def other_id(query):
    return [bytes([query[0] ^ 1, query[1]]) + with_code(5)(query)[0][2:]]


def test_strays_are_ignored(act):
    """Answers to other questions come first; then one that is broken."""
    def answers(query):
        return [b"", b"x", *other_id(query), query,
                query[:2] + b"\x80\x00\x00\x01\x00\x09\x00\x00\x00\x00" + query[12:]]
    with Liar(answers) as liar:
        checked = act("--check", liar.server)
        assert checked.status == 1
        assert checked.text.count("malformed") == 5


def test_strays_from_elsewhere_are_ignored(act):
    """The right ID and question, from another address, and from another port."""
    def answers(query):
        for stranger in strangers:
            stranger.sendto(with_code(5)(query)[0], liar.peer)
        return with_code(2)(query)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as address, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port, Liar(answers) as liar:
        strangers = [address, port]
        address.bind(("127.0.0.2", liar.port))
        port.bind(("127.0.0.1", 0))
        checked = act("--check", liar.server)
        assert checked.text.count("SERVFAIL") == 5


def test_strays_do_not_prolong_the_wait(act):
    with Liar(other_id) as liar:
        begin = time.monotonic()
        outcome = act("--check", liar.server)
    assert (outcome.status, "no answer in time (UDP)" in outcome.errors) == (2, True)
    assert time.monotonic() - begin < 8


def test_ports_differ(named, act):
    """Each query has a port of its own, so that answers are hard to forge (RFC 5452)."""
    ports = set()
    with Liar(lambda query: ports.add(liar.peer[1]) or with_code(2)(query)) as liar:
        act("--check", liar.server)
    assert len(ports) > 1


@contextlib.contextmanager
def cutter(serve):
    """Cuts each answer by UDP, and does something to each TCP connection."""
    with TcpServer(serve, ("127.0.0.1", free_port())) as tcp, \
            Liar(with_code(0, flags=0x86), tcp.port) as udp:
        yield udp.server


def receive_query(client):
    octets = client.recv(65535)
    while len(octets) < 2 or len(octets) < 2 + int.from_bytes(octets[:2], "big"):
        octets += client.recv(65535)
    return octets[2:]


def drip(client):
    query = receive_query(client)
    client.sendall(b"\xff\xff")
    for octet in query + bytes(65535):
        time.sleep(0.2)
        client.sendall(bytes([octet]))


def reset(client):
    """At once, before the query has come: the kernel answers it with RST, and not FIN."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def cut_answer(client):
    client.sendall(b"\x01\x00" + receive_query(client))


def empty_answer(client):
    receive_query(client)
    client.sendall(b"\0\0")


def other_answer(client):
    query = receive_query(client)
    client.sendall(len(query).to_bytes(2, "big") + bytes([query[0] ^ 1, query[1], 0x80])
                   + query[3:])


@pytest.mark.parametrize("serve, word", [
    (drip, "no answer in time (TCP)"), (receive_query, "Connection reset by peer (TCP)"),
    (reset, "(TCP)"), (cut_answer, "Connection reset by peer (TCP)"),
    (empty_answer, "something else"), (other_answer, "something else")])
def test_tcp_servers_that_do_not_answer(act, serve, word):
    with cutter(serve) as server:
        begin = time.monotonic()
        outcome = act("--check", server)
    assert (outcome.status, word in outcome.errors) == (2, True), outcome.errors
    assert time.monotonic() - begin < 13


def test_tcp_refused(act):
    with Liar(with_code(0, flags=0x86), free_port()) as liar:
        outcome = act("--check", liar.server)
    assert (outcome.status, "connection refused (TCP)" in outcome.errors) == (2, True)


def test_answer_in_pieces(act):
    """By TCP, slowly, but in time."""
    def serve(client):
        answer = with_code(5)(receive_query(client))[0]
        for octet in len(answer).to_bytes(2, "big") + answer:
            client.sendall(bytes([octet]))
            time.sleep(0.005)
    with cutter(serve) as server:
        assert act("--check", server).text.count("REFUSED") == 5


# Forged signatures: answers that are signed as RFC 8945 says, but for one thing


def change_octet(position, bits=1):
    def change(answer):
        octets = bytearray(answer)
        octets[position] ^= bits
        return bytes(octets)
    return change


def with_records(before, after, count):
    """Other records before and behind the TSIG record."""
    def change(answer):
        at = answer.rindex(TSIG_NAME + b"\x00\xfa\x00\xff")
        return (answer[:10] + u16(count) + answer[12:at] + before + answer[at:] + after)
    return change


EXTRA = b"\0\x00\x10\x00\x01\0\0\0\0\x00\x02\x01x"  # . TXT "x"


def test_signer_signs(act, key):
    """Nothing forged: so the tests below fail for the one thing that they change."""
    with Liar(Signer()) as liar:
        refused(None, act("--update", liar.server, "--tsig", key), "REFUSED")
    # A forwarder may change the ID; the original one is signed.
    with Liar(lambda query: [query[:2] + answer[2:] for answer in Signer(
            original_id=b"\x12\x34")(query)]) as liar:
        refused(None, act("--update", liar.server, "--tsig", key), "REFUSED")


@pytest.mark.parametrize("later, trusted", [(-290, True), (290, True), (-310, False),
                                            (310, False), (-(1 << 30), False), (1 << 40, False)])
def test_time_of_an_answer(act, key, later, trusted):
    with Liar(Signer(later=later)) as liar:
        refused(None, act("--update", liar.server, "--tsig", key),
                "REFUSED" if trusted else "has another time than this machine (BADTIME)")


@pytest.mark.parametrize("changes", [
    {"secret": OTHER_SECRET}, {"secret": ""}, {"request_mac": b""},
    {"request_mac": b"\0\x20" + bytes(32)},
    {"algorithm": "hmac-sha512"}, {"algorithm": "hmac-sha1"},
    {"algorithm": "hmac-md5.sig-alg.reg.int"}, {"algorithm_wire": wire_name("hmac-sha1")},
    {"algorithm_wire": wire_name("hmac-md5.sig-alg.reg.int")}, {"algorithm_wire": b"\0"},
    {"key": "others"}, {"key": "others", "signed_key": "others"}, {"key": "phones.test"},
    {"mac": lambda mac: mac[:31]}, {"mac": lambda mac: mac[:16]}, {"mac": lambda mac: mac[:10]},
    {"mac": lambda mac: b""}, {"mac": lambda mac: mac + b"\0"}, {"mac": change_octet(31)},
    {"after": change_octet(2, 0x04)}, {"after": change_octet(3)}, {"after": change_octet(13)},
    {"after": change_octet(-5)}, {"after": with_records(EXTRA, b"", 2)},
    {"after": with_records(b"", EXTRA, 2)}])
def test_forged_answers(act, key, changes):
    with Liar(Signer(**changes)) as liar:
        refused(None, act("--update", liar.server, "--tsig", key), "the signature of")


@pytest.mark.parametrize("length", [64511, 64512, 65535])
@pytest.mark.parametrize("mac", [lambda mac: mac, lambda mac: b""])
def test_long_answers_with_tsig(act, key, length, mac):
    """By TCP, since a datagram has fewer octets. libldns does not verify the longest."""
    def serve(client):
        query = receive_query(client)
        answer = Signer(mac=mac, after=filled)(query)[0]
        client.sendall(u16(len(answer)) + answer)

    def filled(answer):
        data = bytes([1, 0]) * 40000
        left = length - len(answer) - 11
        return with_records(b"", b"\0\xff\x01\x00\x01\0\0\0\0" + u16(left) + data[:left], 2)(
            answer)
    with cutter(serve) as server:
        outcome = act("--update", server, "--tsig", key)
    refused(None, outcome, "the signature of" if length == 64511 else "cannot be verified")


# What there may be in a zone

def test_wildcards_are_not_records(directory, act, key):
    """A wildcard answers for our names before they exist, and is none of our business."""
    with named_with(directory, "* A 10.5.5.5", "*._tcp CNAME www") as named:
        updated = act("--update", named.server, "--tsig", key)
        assert (updated.status, updated.errors) == (0, "")
        assert act("--check", named.server).status == 0
        assert act("--update", named.server, "--tsig", key).text.startswith("nothing to do")
        assert {"*.contoso.test. 300 IN A 10.5.5.5",
                "*._tcp.contoso.test. 300 IN CNAME www.contoso.test."} < named.records()


def test_names_in_zones_of_their_own(directory, act, key):
    """Each name goes to the zone it lies in: a subdomain's, or one made for a single name."""
    zones = {"emea_contoso_test": (ZONE, True), "sip_contoso_test": (ZONE, True)}
    with named_with(directory, **zones) as named:
        updated = act("--update", named.server, "--tsig", key)
        assert (updated.status, updated.errors) == (0, "")
        assert updated.text.splitlines() == [
            "contoso.test: 4 records added, 0 deleted",
            "emea.contoso.test: 1 record added, 0 deleted",
            "sip.contoso.test: 2 records added, 0 deleted"]
        assert act("--check", named.server).status == 0
        assert act("--update", named.server, "--tsig", key).text.startswith("nothing to do")


def test_delegated_part(directory, act, key):
    with named_with(directory, "emea NS ns.elsewhere") as named:
        outcome = act("--update", named.server, "--tsig", key)
        assert outcome.status == 1, outcome.errors
        assert "is not authoritative for ucupdates-r2.emea.contoso.test" in outcome.errors
        assert named.values("ucupdates-r2.contoso.test") == ["10.1.1.10", "10.1.1.11"]


def many(count):
    text = "zone contoso.test\n"
    for i in range(count):
        text += "".join(f"ucupdates-r2.n{i:05}.contoso.test 3600 A 10.1.1.{j}\n" for j in (1, 2))
    return text


@pytest.mark.parametrize("count, messages", [(200, 1), (2000, 4)])
def test_many_names(named, act, key, count, messages):
    """One message, and several where 65535 octets cannot hold them."""
    serial = named.serial()
    updated = act("--update", named.server, "--tsig", key, records=many(count))
    assert (updated.status, updated.errors) == (0, "")
    assert named.serial() == serial + messages
    assert act("--check", named.server, records=many(count)).status == 0
    again = act("--update", named.server, "--tsig", key, records=many(count))
    assert again.text == f"nothing to do: {count} record sets are as they should be\n"


def test_answers_longer_than_a_datagram(named, act, key):
    records = "zone contoso.test\n" + "".join(
        f"ucupdates-r2.contoso.test 3600 A 10.1.2.{i}\n" for i in range(1, 101))
    assert act("--update", named.server, "--tsig", key, records=records).status == 0
    assert act("--check", named.server, records=records).status == 0
    assert act("--update", named.server, "--tsig", key, records=records).text.startswith("nothing")


@pytest.mark.parametrize("count", [4080, 6000])
def test_record_set_longer_than_a_message(named, act, key, count):
    records = "zone contoso.test\n" + "".join(
        f"ucupdates-r2.contoso.test 3600 A 10.1.{i // 250}.{i % 250}\n" for i in range(count))
    before = named.records()
    refused(named, act("--update", named.server, "--tsig", key, records=records),
            "ucupdates-r2.contoso.test: the change of its records does not fit in one message",
            "nothing has been changed")
    assert named.records() == before


def test_long_names(named, act, key):
    domain = ".".join(["d" * 63, "e" * 63, "f" * 63, "g" * 35, "contoso.test"])
    records = f"zone {domain}\nucupdates-r2.{domain} 60 A 10.1.1.1\n"
    assert len(f"ucupdates-r2.{domain}") == 253
    checked = act("--check", named.server, records=records)
    assert checked.status == 1
    assert max(map(len, checked.text.splitlines())) <= 80
    assert act("--update", named.server, "--tsig", key, records=records).status == 0
    assert act("--check", named.server, records=records).status == 0


# The report of a check

def test_check_shows_differences(directory, act):
    with named_with(directory, "ucupdates-r2 A 10.1.1.10", "ucupdates-r2 A 10.1.1.11",
                    "ucupdates-r2 A 10.1.1.12", "sip A 10.1.1.10", "sip A 10.1.1.13",
                    "_ntp._udp SRV 0 0 123 ntp", "ucupdates-r2.emea CNAME pool01") as named:
        checked = act("--check", named.server)
        assert checked.status == 1
        assert checked.text.splitlines() == [
            "right      SRV   _ntp._udp.contoso.test",
            "missing    SRV   _sipinternaltls._tcp.contoso.test",
            "                 lacks    0 0 5061 pool01.contoso.test",
            "different  A     sip.contoso.test",
            "                 lacks    10.1.1.11",
            "                 has      10.1.1.13",
            "extra      A     ucupdates-r2.contoso.test",
            "                 has also 10.1.1.12",
            "right      A     ucupdates-r2.emea.contoso.test",
            "                 alias of pool01.contoso.test",
            "2 right, 1 missing, 1 different, 1 extra"]
        document = act("--check", named.server, "--json").document
        assert document["status"] == "different"
        assert [each["status"] for each in document["record_sets"]] == [
            "right", "missing", "different", "extra", "right"]
        assert document["record_sets"][2] == {
            "owner": "sip.contoso.test", "type": "A", "status": "different",
            "expected": ["10.1.1.10", "10.1.1.11"], "found": ["10.1.1.10", "10.1.1.13"],
            "missing": ["10.1.1.11"], "extra": ["10.1.1.13"], "alias": None, "error": None}


def test_check_shows_the_root(directory, act):
    """RFC 2782: a service that is decidedly not available."""
    with named_with(directory, "_ntp._udp SRV 0 0 0 .") as named:
        assert "                 has      0 0 0 ." in act("--check", named.server).text.splitlines()


def test_standard_output_that_nobody_reads(named, act, key, directory):
    """The update is done, and the status one of those that the manual has."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        (directory / "records").write_text(RECORDS)
        done = subprocess.run([str(DRIVER), str(directory / "records"), "--update", named.server,
                               "--tsig", str(key)], stdout=closed, stderr=subprocess.PIPE,
                              timeout=60, check=False, restore_signals=True)
    assert (done.returncode, b"Broken pipe" in done.stderr) == (2, True)
    assert named.values("ucupdates-r2.emea.contoso.test") == ["10.1.1.10"]


def test_json_of_an_update(named, act, key):
    pending = act("--update", named.server, "--tsig", key, "--dry-run", "--json")
    shown = pending.document
    assert pending.status == 3
    assert (shown["status"], shown["dry_run"], shown["changed"]) == ("fine", True, False)
    assert {"action": "add", "record": "sip.contoso.test. 3600 IN A 10.1.1.10"} in \
        shown["zones"][0]["changes"]
    done = act("--update", named.server, "--tsig", key, "--json").document
    assert [(zone["zone"], zone["status"]) for zone in done["zones"]] == [
        ("contoso.test", "updated")]
    again = act("--update", named.server, "--tsig", key, "--json").document
    assert (again["zones"], again["unchanged"]) == ([], 5)
    bad = act("--update", named.server, "--remove", "--json")
    assert (bad.status, bad.document["status"]) == (1, "refused")
    assert "REFUSED" in bad.document["zones"][0]["error"]


def test_json_names_problems(act):
    with Liar(with_code(5)) as liar:
        document = act("--update", liar.server, "--json").document
    assert (document["status"], document["zones"]) == ("refused", [])
    assert "REFUSED" in document["error"]


def test_check_against_nsd(directory, act):
    """An authoritative server of somebody else."""
    port = free_port()
    (directory / "contoso.test.zone").write_text(ZONE + "\n".join(
        line.replace(" A ", " IN A ").replace(".contoso.test 3600", " 3600").replace(
            "ntp.contoso.test", "ntp").replace("pool01.contoso.test", "pool01")
        for line in RECORDS.splitlines() if not line.startswith("zone")) + "\n")
    (directory / "nsd.conf").write_text(f"""server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{directory}"
  database: ""
  pidfile: ""
  xfrdfile: "{directory}/xfrd.state"
  zonelistfile: "{directory}/zone.list"
remote-control:
  control-enable: no
zone:
  name: contoso.test
  zonefile: contoso.test.zone
""")
    with subprocess.Popen(["/usr/sbin/nsd", "-d", "-c", str(directory / "nsd.conf")],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          start_new_session=True, preexec_fn=die_with_parent) as nsd:
        try:
            server = f"127.0.0.1#{port}"
            wait_until(lambda: nsd.poll() is not None
                       or act("--check", server).status != 2, 20, "nsd answers")
            checked = act("--check", server)
            assert (checked.status, checked.errors) == (0, ""), checked.text
            # It knows no updates of this kind.
            refused(None, act("--update", server, "--remove"), "nothing has been changed")
        finally:
            os.killpg(nsd.pid, signal.SIGKILL)


# Key files

@pytest.mark.parametrize("text, word", [
    ("", "BIND's format"), ("key", "name is expected"), ('key "a b" {', "name is expected"),
    ('key "k" algorithm', "{ is expected"), ('key "k" { };', "lacks its algorithm"),
    ('key "k" { algorithm hmac-md5; secret "aaaa"; };', "hmac-md5 is too weak"),
    ('key "k" { algorithm HMAC-SHA1; secret "aaaa"; };', "hmac-sha1 is too weak"),
    ('key "k" { algorithm hmac-sha384; secret "aaaa"; };', "or hmac-sha512"),
    ('key "k" { algorithm hmac-sha3; secret "aaaa"; };', "unknown algorithm"),
    ('key "k" { algorithm hmac-sha256; };', "lacks its algorithm or its secret"),
    ('key "k" { algorithm hmac-sha256; secret ""; };', "Base64"),
    ('key "k" { algorithm hmac-sha256; secret "===="; };', "not valid Base64"),
    ('key "k" { algorithm hmac-sha256; secret "aaa"; };', "not valid Base64"),
    ('key "k" { algorithm hmac-sha256; secret "aaa=aaaa"; };', "not valid Base64"),
    ('key "k" { algorithm hmac-sha256; secret "aaaa\0aaa"; };', "not valid Base64"),
    ('key "k" { algorithm hmac-sha256; secret "0"; };', "not valid Base64"),
    ('key "k" { algorithm hmac-sha256; secret "aaaa"; secret "aaaa"; };', "each once"),
    ('key "k" { algorithm hmac-sha256; secret "aa=a"; };', "not valid Base64"),
    ('key "k" { algorithm hmac-sha256; secret "a!aa"; };', "not valid Base64"),
    ('key "k" { algorithm hmac-sha256; secret "' + "a" * 700 + '"; };', "too long"),
    ('key "k" { algorithm hmac-sha256 secret "aaaa"; };', "semicolon"),
    ('key "k" { algorithm hmac-sha256; secret "aaaa"; }', "semicolon"),
    ('key "k" { algorithm hmac-sha256; secret "aaaa"; }; key', "more than one key"),
    ('key "k" { algorithm hmac-sha256; secret "aaaa', "semicolon"),
    ("#" * 70000, "too big"), ("/* no end", "BIND's format")])
def test_bad_key_file(act, directory, text, word):
    file = directory / "bad.key"
    file.write_text(text)
    file.chmod(0o600)
    outcome = act("--update", "127.0.0.1#1", "--tsig", file)
    assert outcome.status == 2
    assert outcome.errors.startswith(f"ucprov-zone: {file}:")
    assert word in outcome.errors


@pytest.mark.parametrize("length", [1, 2, 3, 63, 64, 65, 128, 129, 511, 512])
def test_secrets_of_all_lengths(act, directory, length):
    """Longer than a block of the hash, too. The server is BIND's."""
    secret = base64.b64encode(bytes(i % 251 for i in range(length))).decode()
    with Named(directory, {"contoso.test": (ZONE, True)}, secret=secret) as named:
        file = write_key(directory, secret=secret)
        outcome = act("--update", named.server, "--tsig", file)
        assert (outcome.status, outcome.errors) == (0, "")


def test_secret_too_long(act, directory):
    file = write_key(directory, secret=base64.b64encode(bytes(513)).decode())
    assert "too long" in act("--update", "127.0.0.1#1", "--tsig", file).errors


def test_key_file_with_comments(named, act, directory):
    file = directory / "phones.key"
    file.write_text(f"""# made by hand
/* for {{ phones }} */ key PHONES. {{ // the name's case does not matter
    secret "{SECRET}"; algorithm HMAC-SHA256; }};""")
    file.chmod(0o640)
    outcome = act("--update", named.server, "--tsig", file)
    assert (outcome.status, outcome.errors) == (0, "")


def test_key_file_by_tsig_keygen(act, directory):
    file = directory / "made.key"
    file.write_text(subprocess.run(["tsig-keygen", "-a", "hmac-sha512", "made"], text=True,
                                   check=True, capture_output=True).stdout)
    file.chmod(0o600)
    assert "connection refused" in act("--update", f"127.0.0.1#{free_port()}", "--tsig",
                                       file).errors


def test_key_file_that_others_can_read(named, act, directory):
    file = write_key(directory, mode=0o644)
    outcome = act("--update", named.server, "--tsig", file)
    assert outcome.status == 0
    assert "warning" in outcome.errors and "chmod 640" in outcome.errors
    assert os.stat(file).st_mode & 0o777 == 0o644


def test_no_key_file(act, directory):
    outcome = act("--update", "127.0.0.1#1", "--tsig", directory / "none")
    assert (outcome.status, "No such file" in outcome.errors) == (2, True)
