# SPDX-License-Identifier: MPL-2.0
"""systemd's units: as hard as they are said to be, and wide enough for what the daemon calls."""

import pathlib
import re
import subprocess

import pytest

import kea
import publisher

SERVICE = kea.BUILD / "conf" / "ucprov-capubd.service"
SOCKET = kea.BUILD / "conf" / "ucprov-capubd.socket"
EXPOSURE_MAX = 2.0


def systemd_analyze(*arguments):
    return subprocess.run(["systemd-analyze", "--no-pager", *map(str, arguments)], text=True,
                          capture_output=True, timeout=60, check=False)


def settings(name):
    return re.findall(rf"^{name}=(.*)$", SERVICE.read_text(), re.M)


def test_exposure():
    done = systemd_analyze("security", "--offline=true", SERVICE)
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert float(exposure[1]) <= EXPOSURE_MAX, done.stdout


@pytest.mark.parametrize("unit", [SERVICE, SOCKET], ids=["service", "socket"])
def test_verify(unit, directory):
    """Nothing that systemd does not know, or would ignore."""
    copy = pathlib.Path(directory, unit.name)
    text = unit.read_text()
    copy.write_text(re.sub(r"^(ExecStart\w*=)\S+", r"\1/bin/true", text, flags=re.M))
    if unit is SOCKET:  # which wants its service beside it
        (directory / SERVICE.name).write_text("[Service]\nExecStart=/bin/true\n")
    done = systemd_analyze("verify", "--man=no", copy)
    complaints = [line for line in done.stderr.splitlines() if unit.name in line]
    assert done.returncode == 0 and not complaints, done.stderr


def expand(names):
    """System calls of a filter's words: groups are expanded."""
    calls = set()
    for name in names:
        if not name.startswith("@"):
            calls.add(name)
            continue
        listing = systemd_analyze("syscall-filter", name)
        assert listing.returncode == 0, listing.stderr
        words = [line.strip() for line in listing.stdout.splitlines()[1:]]
        calls |= expand(word for word in words if word and not word.startswith("#"))
    return calls


def allowed_calls():
    """As systemd.exec(5) reads SystemCallFilter=: the first line sets, the others add and take."""
    allowed = set()
    for line in settings("SystemCallFilter"):
        if line.startswith("~"):
            allowed -= expand(line[1:].split())
        else:
            allowed |= expand(line.split())
    return allowed


def test_system_calls(directory):
    """Every system call of a start, requests, a reload and a stop passes the unit's filter."""
    trace = directory / "trace"
    # -D: the daemon is our child, and strace its.
    with publisher.Publisher(directory, command=["strace", "-D", "-f", "-qq", "-o", trace]) as server:
        assert server.fetch_chains()
        assert "reloaded" in server.reload()
        assert server.fetch_chains("https")
        server.end()
    made = set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.M))
    assert {"accept4", "epoll_wait", "capset", "seccomp"} <= made
    assert not made - allowed_calls() - {"execve"}  # strace's own, before there is a filter
