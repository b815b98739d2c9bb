# SPDX-License-Identifier: MPL-2.0
"""A DHCP client of the tests: builds what a phone sends with scapy, and reads what comes back with
a decoder of its own, written from the RFCs; it shares nothing with the programs under test."""

import collections
import ipaddress
import itertools
import json
import os
import socket
import struct
import subprocess
import tempfile
import time

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.utils import wrpcap

from namespaces import raw_socket

MS_UC = b"MS-UC-Client"
OURS = (15, 42, 43, 119, 120)
TYPES = {"DISCOVER": 1, "OFFER": 2, "REQUEST": 3, "ACK": 5, "NAK": 6, "RELEASE": 7, "INFORM": 8}
COOKIE = b"\x63\x82\x53\x63"
REPLY_TIMEOUT = 3  # seconds
_numbers = itertools.count(1)


# Encoding, from the RFCs

def labels(name):
    """RFC 1035 3.1."""
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def sip_server(name):
    """RFC 3361 3.1: encoding 0, one name."""
    return b"\0" + labels(name)


def search(*names):
    """RFC 3397 2, uncompressed."""
    return b"".join(map(labels, names))


def addresses(*texts):
    return b"".join(ipaddress.IPv4Address(text).packed for text in texts)


def suboptions(*pairs):
    return b"".join(bytes([code, len(value)]) + value for code, value in pairs)


def cert_prov(web_server, scheme="https", port="443",
              path="/CertProv/CertProvisioningService.svc", more=()):
    """Option 43 for MS-UC-Client."""
    return suboptions((1, MS_UC), (2, scheme.encode()), (3, web_server.encode()),
                      (4, port.encode()), (5, path.encode()), *more)


# Decoding

class Reply:
    """A received message. `options` has each code once, parts joined as RFC 3396 says; `parts` is
    what was on the wire, in order."""

    def __init__(self, octets):
        self.octets = octets
        (self.op, self.xid, self.flags, ciaddr, yiaddr, siaddr, giaddr) = struct.unpack(
            "!BxxxIxxH4s4s4s4s", octets[:28])
        self.ciaddr, self.yiaddr, self.siaddr, self.giaddr = (
            socket.inet_ntoa(address) for address in (ciaddr, yiaddr, siaddr, giaddr))
        assert octets[236:240] == COOKIE
        self.parts, self.trailer = split_options(octets[240:])
        self.options = collections.defaultdict(bytes)
        for code, value in self.parts:
            self.options[code] += value
        self.options = dict(self.options)
        self.type = self.options[53][0]

    @property
    def fixed(self):
        """Everything before the options, without the transaction id."""
        return self.octets[:4] + self.octets[8:240]

    def without(self, codes):
        """The options but for some, in the order of the wire."""
        return [part for part in self.parts if part[0] not in codes]

    def ours(self):
        return {code: self.options[code] for code in OURS if code in self.options}


def split_options(octets):
    """The options as (code, value), and what follows the end option."""
    parts, at = [], 0
    while octets[at] != 255:
        if octets[at] == 0:
            at += 1
            continue
        length = octets[at + 1]
        value = octets[at + 2:at + 2 + length]
        assert len(value) == length, "an option runs past the message"
        parts.append((octets[at], value))
        at += 2 + length
    return parts, octets[at + 1:]


def split_suboptions(octets):
    pairs, at = [], 0
    while at < len(octets):
        length = octets[at + 1]
        value = octets[at + 2:at + 2 + length]
        assert len(value) == length, "a sub-option runs past its option"
        pairs.append((octets[at], value))
        at += 2 + length
    return pairs


def names(octets):
    """Names of option 119, compressed or not (RFC 1035 4.1.4; pointers go backwards)."""
    found, at = [], 0
    while at < len(octets):
        name, at = _name(octets, at)
        found.append(name)
    return found


def _name(octets, at):
    parts, after, limit = [], None, at
    while octets[at] != 0:
        if octets[at] & 0xC0 == 0xC0:
            target = struct.unpack("!H", octets[at:at + 2])[0] & 0x3FFF
            after = at + 2 if after is None else after
            assert target < limit, "a pointer must go backwards"
            at = limit = target
        else:
            assert octets[at] <= 63
            parts.append(octets[at + 1:at + 1 + octets[at]].decode("ascii"))
            at += 1 + octets[at]
    return ".".join(parts), at + 1 if after is None else after


# Queries

def hardware_address():
    """A new one each time, with the prefix of a Polycom CX."""
    return b"\x00\x04\xf2" + struct.pack("!I", next(_numbers))[1:]


def message(kind, vendor_class=None, requested=None, mac=None, xid=None, giaddr="0.0.0.0",
            ciaddr="0.0.0.0", hint=None, server=None, options=(), broadcast=False):
    """The octets of a DHCP query. `requested` is option 55: None leaves it out."""
    pairs = [("message-type", TYPES[kind])]
    if vendor_class is not None:
        pairs.append((60, vendor_class))
    if requested is not None:
        pairs.append((55, bytes(requested)))
    if hint is not None:
        pairs.append((50, socket.inet_aton(hint)))
    if server is not None:
        pairs.append((54, server))
    pairs += options
    area = b"".join(bytes([53, 1, value]) if code == "message-type"
                    else bytes([code, len(value)]) + value for code, value in pairs)
    packet = BOOTP(op=1, hops=0 if giaddr == "0.0.0.0" else 1, xid=xid or next(_numbers),
                   flags="B" if broadcast else 0, ciaddr=ciaddr, giaddr=giaddr,
                   chaddr=mac or hardware_address(), options=COOKIE)
    return bytes(packet) + area + b"\xff"


class LoopbackLink:
    """Sends to a Kea on loopback, as a relay or as a client with an address."""

    def __init__(self, kea):
        self.kea = kea

    def exchange(self, query, timeout=REPLY_TIMEOUT):
        """The Reply, or None."""
        here = self.kea.client_socket
        here.sendto(query, ("127.0.0.1", self.kea.server_port))
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            here.settimeout(left)
            try:
                octets = here.recv(65536)
            except (TimeoutError, socket.timeout):
                return None
            if octets[4:8] == query[4:8]:
                return Reply(octets)
        return None


class VethLink:
    """Broadcasts on a link, as a client without an address does."""

    def __init__(self, network, interface):
        self.socket = raw_socket(network.client, interface)
        self.mac = self.socket.getsockname()[4]

    def exchange(self, query, timeout=REPLY_TIMEOUT):
        ciaddr = socket.inet_ntoa(query[12:16])
        frame = (Ether(src=query[28:34], dst="ff:ff:ff:ff:ff:ff") /
                 IP(src=ciaddr, dst="255.255.255.255") / UDP(sport=68, dport=67) / query)
        self.socket.send(bytes(frame))
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                octets = self.socket.recv(65536)
            except (TimeoutError, socket.timeout):
                return None
            packet = Ether(octets)
            if UDP in packet and packet[UDP].dport == 68:
                payload = bytes(packet[UDP].payload)[:packet[UDP].len - 8]
                if payload[4:8] == query[4:8] and payload[0] == 2:
                    return Reply(payload)
        return None

    def close(self):
        self.socket.close()


def inform(link, address="127.20.0.9", vendor_class=MS_UC, requested=(120, 43),
           timeout=REPLY_TIMEOUT, **more):
    """Our options in the answer to a phone that has an address."""
    query = message("INFORM", vendor_class, requested, ciaddr=address, **more)
    reply = link.exchange(query, timeout)
    assert reply is not None
    return reply.ours()


def served(server, *about, **more):
    """The same of a Kea on loopback; by default, what a phone of hq-voice gets now."""
    return inform(LoopbackLink(server), *about, **more)


# Independent decoders

def scapy_options(octets):
    """Options as scapy reads them: {code or name: value}."""
    return {option[0]: option[1:] for option in BOOTP(octets)[DHCP].options
            if isinstance(option, tuple)}


def tshark_options(octets):
    """Options as Wireshark reads them: a list of dissected option trees. Needs tshark."""
    packet = (Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") /
              IP(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=67, dport=68) / octets)
    with tempfile.TemporaryDirectory() as directory:
        file = os.path.join(directory, "reply.pcap")
        wrpcap(file, [packet])
        done = subprocess.run(["tshark", "-n", "-r", file, "-T", "json", "--no-duplicate-keys"],
                              capture_output=True, check=True, timeout=60,
                              env={**os.environ, "HOME": directory})
    return json.loads(done.stdout)[0]["_source"]["layers"]["dhcp"]
