# SPDX-License-Identifier: MPL-2.0
"""The loopback network that a process of the tests has to itself, and the ports on it.

Several processes run tests at once. Each has a network namespace of its own: what a test listens
on, well-known ports and all of 127.0.0.0/8 included, no other process can take, reach or see. Where
the kernel does not give one (to others than root), each has at least a range of ports of its own."""

import contextlib
import ctypes
import functools
import itertools
import os
import random
import socket
import subprocess

CLONE_NEWNET = 0x40000000
PORTS = range(10000, 32000)  # below those that outgoing connections are given


def enter():
    """To be called once, before anything opens a socket or starts a thread."""
    if ctypes.CDLL(None).unshare(CLONE_NEWNET) == 0:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


@functools.cache
def _numbers():
    """This worker's share, over and over. It begins anywhere: others may run tests here, too."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    share = len(PORTS) // workers
    own = PORTS[number * share:(number + 1) * share]
    start = random.SystemRandom().randrange(share)
    return itertools.cycle([*own[start:], *own[:start]])


def free_port():
    """Free for UDP and TCP alike. It is not given again before all others have been."""
    for port in itertools.islice(_numbers(), len(PORTS)):
        with contextlib.suppress(OSError), \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, \
                socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            udp.bind(("0.0.0.0", port))
            tcp.bind(("0.0.0.0", port))
            return port
    raise OSError("no free port")
