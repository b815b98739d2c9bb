# SPDX-License-Identifier: MPL-2.0
"""make demo: the story, and each broken piece: the probe has to find that one, and nothing may stay."""

import os
import re
import subprocess

import pytest

import kea

# What the probe's table says when a piece is broken: the only lines with FAIL.
BROKEN = {
    "san": {"update": "not good for ucupdates-r2;"},
    "wildcard": {"update": r"a wildcard, \*\.contoso\.com", "sign-in": "a wildcard"},
    "inform": {"inform": "10.20.0.1 answered DISCOVER but not INFORM"},
    "ntp": {"time": "10.1.0.1: no time server listens there"},
    "port80": {"chain": "port 80: no connection"},
    "option43": {"43 service": "80 octets that mean nothing sound"},
}


def run(broken=""):
    environment = {**os.environ, "BREAK": broken}
    return subprocess.run([kea.ROOT / "demo" / "run", kea.BUILD], env=environment, text=True,
                          capture_output=True, timeout=120, check=False)


def failures(output):
    """Lines of the table with FAIL: what is in their second column, and the rest with its
    continuation lines."""
    found = {}
    for match in re.finditer(r"^ FAIL +(\S+(?: \S+)?)  +(.*(?:\n {21}.*)*)", output, re.M):
        found[match[1]] = re.sub(r"\s+", " ", match[2])
    return found


@pytest.fixture(autouse=True)
def nothing_stays():
    before = set(kea.BUILD.glob("demo.*"))
    yield
    assert set(kea.BUILD.glob("demo.*")) == before


def namespaces():
    return os.geteuid() == 0 or subprocess.run(
        ["unshare", "--user", "--map-root-user", "--net", "true"], capture_output=True,
        check=False).returncode == 0


needs_namespaces = pytest.mark.skipif(not namespaces(),
                                      reason="this kernel gives network namespaces to root alone")


@needs_namespaces
def test_story():
    done = run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert not failures(done.stdout)
    assert "voice VLAN 20" in done.stdout
    assert "0x2F0D/0 until somebody tries to sign in" in done.stdout
    assert "Contoso Lab root CA" in done.stdout
    assert "This phone will update itself and can sign in with a PIN." in done.stdout
    assert re.search(r"10\.20\.0\.9: chain 200, \d+ octets, HTTP,", done.stdout)


@needs_namespaces
@pytest.mark.parametrize("broken", BROKEN)
def test_broken(broken):
    done = run(broken)
    assert done.returncode == 0, done.stdout + done.stderr
    found = failures(done.stdout)
    assert found.keys() == BROKEN[broken].keys(), done.stdout
    for what, text in BROKEN[broken].items():
        assert re.search(text, found[what]), found
    assert "can sign in with a PIN." not in done.stdout


def test_unknown_piece():
    done = run("everything")
    assert done.returncode == 2
    assert "san, wildcard, inform, ntp, port80 or option43" in done.stderr
