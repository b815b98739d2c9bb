# SPDX-License-Identifier: MPL-2.0
"""Fixtures that the system tests share."""

import os
import pathlib
import tempfile

import pytest

import kea
import lab
import loopback
import namespaces
import sites


def pytest_configure():
    """A loopback network for this process alone. All temporary files lie under build/tmp, unless
    somebody chose another place."""
    loopback.enter()
    if "TMPDIR" not in os.environ:
        directory = kea.BUILD / "tmp"
        directory.mkdir(parents=True, exist_ok=True)
        os.environ["TMPDIR"] = tempfile.tempdir = str(directory)


@pytest.fixture(scope="session")
def hook_library():
    """The hook under test: absent means failure, not a skipped test."""
    assert kea.HOOK.exists(), f"{kea.HOOK} has not been built"
    return kea.HOOK


@pytest.fixture
def directory():
    with tempfile.TemporaryDirectory(prefix="site-") as name:
        yield pathlib.Path(name)


@pytest.fixture
def site_file(directory):
    """The site that most tests use, free to be changed."""
    return sites.write(directory / "site.conf", sites.SITE)


@pytest.fixture(params=[0, 4], ids=["one-thread", "four-threads"])
def threads(request):
    return request.param


@pytest.fixture
def server(hook_library, site_file, threads):
    """A Kea with the hook, with and without multi-threading."""
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file)], threads=threads)) as running:
        yield running


@pytest.fixture
def simple_server(hook_library, site_file):
    """A Kea with the hook, where threads make no difference."""
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file)])) as running:
        yield running


@pytest.fixture
def network():
    """Two namespaces and a link, as between a DHCP server and its phones."""
    with namespaces.Network({"voice0": lab.SERVER_ADDRESS + "/16"}) as joined:
        yield joined
