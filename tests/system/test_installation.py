# SPDX-License-Identifier: MPL-2.0
"""make install and make uninstall: for the PREFIX that is given, and not under a Kea that needs it."""

import os
import pathlib
import re
import subprocess

import pytest

import kea

LIBRARY = "libdhcp_ucprov.so"


def make(goal, root, prefix, check=True):
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("WERROR", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", f"BUILD={kea.BUILD}", f"DESTDIR={root}", f"PREFIX={prefix}", goal],
                          cwd=kea.ROOT, env=environment, text=True, capture_output=True, timeout=300,
                          check=check)


def files(root):
    return {file.relative_to(root) for file in pathlib.Path(root).rglob("*") if not file.is_dir()}


@pytest.mark.parametrize("prefix", ["/usr", "/opt/ucprov"])
def test_unit_starts_what_was_installed(directory, prefix):
    """Whatever PREFIX the build had."""
    make("install", directory, prefix)
    unit = directory / prefix[1:] / "lib/systemd/system/ucprov-capubd.service"
    named = re.findall(r"^Exec\w+=\W*(/\S+/ucprov-capubd)\b", unit.read_text(), re.M)
    assert named and "@SBINDIR@" not in unit.read_text()
    for program in named:
        assert os.access(directory / program[1:], os.X_OK), program
    make("uninstall", directory, prefix)
    assert not files(directory)


def test_user_and_folder(directory):
    """As systemd's own programs read them."""
    make("install", directory, "/usr")
    (directory / "etc").mkdir()
    subprocess.run(["systemd-sysusers", f"--root={directory}"], check=True, timeout=60)
    user, = (line.split(":") for line in (directory / "etc/passwd").read_text().splitlines()
             if line.startswith("ucprov:"))
    group, = (line.split(":") for line in (directory / "etc/group").read_text().splitlines()
              if line.startswith("ucprov:"))
    assert user[3] == group[2] and int(user[2]) < 1000 and user[6].endswith("nologin")
    subprocess.run(["systemd-tmpfiles", f"--root={directory}", "--create"], check=True, timeout=60)
    assert (directory / "etc/ucprov").stat().st_mode & 0o7777 == 0o755


@pytest.fixture(name="installed", scope="module")
def installed_files(tmp_path_factory):
    """What refuses changes nothing: one installation does for all."""
    root = tmp_path_factory.mktemp("root")
    make("install", root, "/usr")
    return root


@pytest.fixture(name="settings")
def settings_of_kea(installed):
    file = installed / "etc/kea/kea-dhcp4.conf"
    file.parent.mkdir(parents=True, exist_ok=True)
    yield file
    file.unlink()


@pytest.mark.parametrize("line", [
    f'"library": "/usr/lib/x86_64-linux-gnu/kea/hooks/{LIBRARY}",', f'{{"library":"{LIBRARY}"}}',
    f'/* */ "library": "{LIBRARY}" // ours'])
def test_kept_while_kea_names_the_library(installed, settings, line):
    before = files(installed)
    settings.write_text('{ "Dhcp4": {\n"hooks-libraries": [ {\n' + line + "\n} ] } }\n")
    done = make("uninstall", installed, "/usr", check=False)
    assert done.returncode != 0 and f"{settings}:3:" in done.stderr and LIBRARY in done.stderr
    assert files(installed) - {settings.relative_to(installed)} == before - {
        settings.relative_to(installed)}


@pytest.mark.parametrize("line", ["# ", "  // "])
def test_a_comment_needs_no_library(installed, settings, line):
    settings.write_text(f"{line}{LIBRARY} was here\n" + '{ "Dhcp4": {} }\n')
    done = subprocess.run([kea.ROOT / "conf/in-use", installed, LIBRARY], text=True,
                          capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("link", ["multi-user.target.wants/ucprov-capubd.service",
                                  "sockets.target.wants/ucprov-capubd.socket"])
def test_says_to_disable_the_daemon(installed, link):
    path = installed / "etc/systemd/system" / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("/usr/lib/systemd/system/" + path.name)
    done = make("uninstall", installed, "/usr", check=False)
    path.unlink()
    assert done.returncode != 0 and "systemctl disable --now ucprov-capubd" in done.stderr
    assert (installed / "usr/sbin/ucprov-capubd").exists()
