# SPDX-License-Identifier: MPL-2.0
"""A DHCP server that says anything: its answers octet by octet (RFC 2131 2)."""

import socket

from lab import REGISTRAR, RELAY, SERVICE
from phone import addresses, search

DISCOVER, OFFER, ACK, NAK, INFORM = 1, 2, 5, 6, 8


def suboption(code, value):
    return bytes([code, len(value)]) + value


def reply(query, options, kind=None, server=RELAY, yiaddr="127.20.0.77", xid=None, chaddr=None,
          sname=b"", file=b"", end=b"\xff", op=2):
    """An answer to the octets of a query; options are (code, value), each with its length."""
    asked = query[242]
    kind = kind if kind is not None else {DISCOVER: OFFER, INFORM: ACK}[asked]
    head = bytes([op, 1, 6, 0]) + (xid or query[4:8]) + query[8:16] + \
        socket.inet_aton(yiaddr if asked == DISCOVER else "0.0.0.0") + bytes(4) + query[24:28]
    area = bytes([53, 1, kind])
    if server is not None:
        area += suboption(54, socket.inet_aton(server))
    for code, value in options:
        area += suboption(code, value)
    return head + (chaddr or query[28:44]) + sname.ljust(64, b"\0") + file.ljust(128, b"\0") + \
        b"\x63\x82\x53\x63" + area + end


DISCOVER_OPTIONS = [(1, addresses("255.255.0.0")), (3, addresses(RELAY)),
                    (6, addresses("10.1.0.53")), (15, b"contoso.com"),
                    (42, addresses("10.1.0.1")), (119, search("contoso.com"))]
INFORM_OPTIONS = [(43, SERVICE), (120, REGISTRAR)]


def good(query, **changes):
    return reply(query, DISCOVER_OPTIONS if query[242] == DISCOVER else INFORM_OPTIONS, **changes)
