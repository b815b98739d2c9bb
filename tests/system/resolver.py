# SPDX-License-Identifier: MPL-2.0
"""A resolver that says anything, and DNS messages octet by octet (RFC 1035 4)."""

import socket
import struct
import time

from loopback import free_port
from servers import TcpServer, UdpServer

A, CNAME, SRV = 1, 5, 33
SERVFAIL, NXDOMAIN, REFUSED = 2, 3, 5
FQDN, POOL = "ucupdates-r2.contoso.com", "pool01.contoso.com"


def encode(name):
    return b"".join(bytes([len(each)]) + each for each in name.encode().split(b".")) + b"\0"


def record(owner, kind, data, rclass=1):
    return encode(owner) + struct.pack(">HHIH", kind, rclass, 60, len(data)) + data


def address(owner, text="10.1.1.10"):
    return record(owner, A, socket.inet_aton(text))


def service(owner, target, port=5061, priority=0, weight=0):
    target = target if isinstance(target, bytes) else encode(target)
    return record(owner, SRV, struct.pack(">HHH", priority, weight, port) + target)


def framed(octets):
    """As TCP carries it (RFC 1035 4.2.2)."""
    return struct.pack(">H", len(octets)) + octets


class Query:
    def __init__(self, octets):
        self.octets = octets
        labels, at = [], 12
        while octets[at]:
            labels.append(octets[at + 1:at + 1 + octets[at]].decode())
            at += 1 + octets[at]
        self.name = ".".join(labels)
        self.kind = struct.unpack(">H", octets[at + 1:at + 3])[0]
        self.question = octets[12:at + 5]

    def answer(self, *records, rcode=0, flags=0x8580, identity=None, question=None, count=None):
        """Bit by bit: QR, AA, RD, RA."""
        return (identity or self.octets[:2]) + struct.pack(
            ">HHHHH", flags | rcode, 1, len(records) if count is None else count, 0, 0) + (
                question or self.question) + b"".join(records)

    def known(self):
        """What a good resolver says."""
        if self.name in (FQDN, POOL):
            return self.answer(address(self.name)) if self.kind == A else self.answer()
        if self.name.startswith("_sip"):
            return self.answer(service(self.name, POOL))
        return self.answer(rcode=NXDOMAIN)


class Resolver:
    """`script(query, tcp)` gives the datagrams to send, or, over TCP, the octets; a number among
    them is a pause, in seconds. `queries`: those that came over UDP."""

    def __init__(self, script):
        self.script, self.queries = script, []
        self.port = free_port()
        self.servers = [UdpServer(self._answer, ("127.0.0.1", self.port)),
                        TcpServer(self._serve, ("127.0.0.1", self.port))]

    def _answer(self, octets):
        self.queries.append(Query(octets))
        return self.script(self.queries[-1], False)

    def _serve(self, client):
        length = struct.unpack(">H", client.recv(2))[0]
        for each in self.script(Query(client.recv(length)), True):
            if isinstance(each, (int, float)):
                time.sleep(each)
            else:
                client.sendall(each)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self.servers:
            each.close()
