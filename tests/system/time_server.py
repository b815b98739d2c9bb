# SPDX-License-Identifier: MPL-2.0
"""An SNTP server that says anything."""

import time

from servers import UdpServer

EPOCH = 2208988800  # of NTP before that of Unix (RFC 5905 6)


class FakeTime(UdpServer):
    """Its clock is `ahead`; `spoil(query, answer)` gives the datagrams to send."""

    def __init__(self, ahead=0.0, spoil=None, **where):
        self.ahead, self.spoil = ahead, spoil or (lambda query, answer: [answer])
        super().__init__(self._answer, **where)

    def _stamp(self):
        now = time.time() + self.ahead + EPOCH
        return ((int(now) % 2**32) << 32 | int(now % 1 * 2**32)).to_bytes(8, "big")

    def _answer(self, query):
        received = self._stamp()
        answer = bytes([0x24, 2, 6, 0xec]) + bytes(8) + b"\x0a\0\0\x01" + received + \
            query[40:48] + received + self._stamp()
        return self.spoil(query, answer)
