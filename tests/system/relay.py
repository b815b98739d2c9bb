# SPDX-License-Identifier: MPL-2.0
"""A bad network between a DNS client and its server: datagrams are late, lost or preceded by forged
ones, and a lost segment of TCP costs its retransmission. Where the kernel has no netem, this does."""

import asyncio
import contextlib
import random
import socket
import threading

from loopback import free_port

PROBE = 2.5  # round trips until TCP sends a lost segment again (RFC 8985 section 7.2)
SEGMENT = 1400  # octets
BUFFER = 4 << 20  # of a socket
TICK = 1e-6  # asyncio does not keep the order of what is due at one moment


class Relay:
    """Passes UDP and TCP on to a port of 127.0.0.1, each datagram after half of `delay` (seconds, of
    the way there and back) unless it is among `loss`: a part of all, both ways, or a function that
    says of a query, and of how often it has come, whether it is lost. `forge(query)` gives what the
    client gets before an answer: octets from the relay's port, or (octets, socket) from another's.

    Runs in a thread, or, by run(), in a process of its own."""

    def __init__(self, port, delay=0.0, loss=0.0, forge=None, tcp=True, seed=7):
        self.port, self.delay, self.forge, self.tcp = port, delay / 2, forge, tcp
        self.loss = 0.0 if callable(loss) else loss
        self.is_lost = loss if callable(loss) else None
        self.random = random.Random(seed)
        self.listening = free_port()
        self.server = f"127.0.0.1#{self.listening}"
        self.queries, self.connections, self.clients = [], 0, set()
        self.outstanding, self.most = set(), 0  # queries without an answer; at most, at a time
        self.waiting, self.number = {}, 0
        self.loop = self.udp = self.front = self.back = self.thread = None

    def __enter__(self):
        ready = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(ready,), daemon=True)
        self.thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def run(self, ready=None):
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self._listen())
        if ready is not None:
            ready.set()
        self.loop.run_forever()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.front.close()
        self.back.close()
        self.loop.run_until_complete(asyncio.sleep(0))

    async def _listen(self):
        async def opened(receive, udp):
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            udp.setblocking(False)
            transport, _ = await self.loop.create_datagram_endpoint(lambda: Receiver(receive),
                                                                    sock=udp)
            return transport
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.listening))
        self.front = await opened(self._pass_there, self.udp)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.connect(("127.0.0.1", self.port))
        self.back = await opened(self._pass_back, udp)
        if self.tcp:
            await asyncio.start_server(self._serve, "127.0.0.1", self.listening)

    def _later(self, function, *arguments):
        if self.random.random() >= self.loss:
            self.loop.call_later(self.delay, function, *arguments)

    def _pass_there(self, octets, client):
        """Each question gets a number of its own, by which its answer finds the client."""
        self.queries.append(octets)
        self.clients.add(client)
        self.outstanding.add(client)
        self.most = max(self.most, len(self.outstanding))
        if self.is_lost and self.is_lost(octets, self.queries.count(octets)):
            return
        self.number = (self.number + 1) % 65536
        self.waiting[self.number] = client, octets
        self._later(self.back.sendto, self.number.to_bytes(2, "big") + octets[2:])

    def _pass_back(self, octets, _):
        client, query = self.waiting.get(int.from_bytes(octets[:2], "big"), (None, None))
        if client is None:
            return
        self.outstanding.discard(client)
        for each in self.forge(query) if self.forge else []:
            if isinstance(each, tuple):
                each[1].sendto(each[0], client)
            else:
                self.udp.sendto(each, client)  # asyncio sends nothing that is empty
        self._later(self.front.sendto, query[:2] + octets[2:], client)

    async def _serve(self, reader, writer):
        self.connections += 1
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer))

    async def _pump(self, reader, writer):
        """In order: what follows a lost segment waits for it."""
        last = 0.0
        with contextlib.suppress(OSError):
            while octets := await reader.read(SEGMENT if self.delay else 65536):
                lost = PROBE * 2 * self.delay if self.random.random() < self.loss else 0
                last = max(last + TICK, self.loop.time() + self.delay + lost)
                self.loop.call_at(last, writer.write, octets)
        self.loop.call_at(max(last + TICK, self.loop.time() + self.delay), writer.close)


class Receiver(asyncio.DatagramProtocol):
    def __init__(self, receive):
        self.receive = receive

    def datagram_received(self, data, addr):
        self.receive(data, addr)
