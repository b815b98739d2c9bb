# SPDX-License-Identifier: MPL-2.0
"""Network namespaces: commands and sockets in them, and two of them joined by links.

A namespace is known by the pid of a process in it. None has a name, so that none is left behind."""

import contextlib
import ctypes
import os
import pathlib
import socket
import subprocess

import pytest

from loopback import CLONE_NEWNET
from processes import LIBC, die_with_parent, wait_until

ETH_P_IP, ETH_P_ALL = 0x0800, 3


def path_of(namespace):
    """For programs that take a namespace. ip(8) takes a pid, too, but not of every version."""
    return f"/proc/{namespace}/ns/net"


def in_namespace(namespace, *command):
    """A command as a list of words, to be run in a namespace; None: in this one."""
    words = [*map(str, command)]
    return words if namespace is None else ["nsenter", f"--net={path_of(namespace)}", *words]


def ip(namespace, *commands):
    """ip(8) in a namespace, once for each command: ip(side, "link set lo up")."""
    for command in commands:
        subprocess.run(in_namespace(namespace, "ip", *command.split()), check=True)


@contextlib.contextmanager
def inside(namespace):
    """This thread is in a namespace: sockets stay where they were made. None: nothing changes."""
    if namespace is None:
        yield
        return
    with open(path_of("thread-self"), "rb") as ours, open(path_of(namespace), "rb") as theirs:
        if LIBC.setns(theirs.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        try:
            yield
        finally:
            LIBC.setns(ours.fileno(), CLONE_NEWNET)


def raw_socket(namespace, interface, protocol=ETH_P_IP):
    """Sends and receives whole frames at an interface."""
    with inside(namespace):
        raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
        raw.bind((interface, protocol))
    return raw


class Network:
    """A server's and a client's network namespace, joined by one veth pair per subnet.

    The namespaces live as long as sleeping processes, which die with the tests. `links` maps an
    interface's name, the same on both sides, to the server's address.
    """

    def __init__(self, links):
        if os.geteuid() != 0:
            pytest.skip("makes network namespaces, which needs root")
        self.holders = []
        try:
            self.server = self.add_namespace()
            self.client = self.add_namespace()
            for name, address in links.items():
                self.link(self.server, name, self.client, name)
                ip(self.server, f"address add {address} dev {name}")
        except BaseException:
            self.close()
            raise

    def add_namespace(self):
        """One more, with nothing but its loopback interface."""
        holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"],
                                  start_new_session=True, preexec_fn=die_with_parent)
        self.holders.append(holder)
        comm = pathlib.Path(f"/proc/{holder.pid}/comm")
        wait_until(lambda: comm.read_text() == "sleep\n", 5, "unshare")
        assert os.readlink(path_of(holder.pid)) != os.readlink(path_of("self"))
        ip(holder.pid, "link set lo up")
        return holder.pid

    @staticmethod
    def link(here, name, there, peer):
        """A veth pair between two namespaces, up at both ends."""
        ip(here, f"link add {name} type veth peer name {peer} netns {path_of(there)}",
           f"link set {name} up")
        ip(there, f"link set {peer} up")

    def close(self):
        for holder in self.holders:
            holder.kill()
            holder.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
