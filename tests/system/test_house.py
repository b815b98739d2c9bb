# SPDX-License-Identifier: MPL-2.0
"""The house: what lies where, and who may know whom.

Each folder of lib/ includes only those before it, programs include lib/ and themselves, and no files
call each other in a circle. Every source says what it is for."""

import collections
import pathlib
import re
import subprocess

import pytest

import kea

LIBRARIES = ("base", "option", "site", "certificate", "client")
PROGRAMS = ("kea-hooks", "site-tools", "dns-tools", "ca-publisher/daemon", "ca-publisher/tool",
            "ca-publisher", "phone-probe")
INCLUDE = re.compile(r'^#include "([^"]+)"')
LICENSE = "SPDX-License-Identifier: MPL-2.0"
COMMENTED = (".c", ".cc", ".h", ".py", ".mk", ".scd", "Makefile", ".in", ".socket", ".conf")

Include = collections.namedtuple("Include", "file line target")


def files(*suffixes):
    listed = subprocess.run(["git", "ls-files"], cwd=kea.ROOT, text=True, capture_output=True,
                            check=True).stdout.split("\n")
    return [name for name in listed
            if name.endswith(suffixes) and (kea.ROOT / name).is_file()]


def room_of(file):
    """The library's folder, or the program's; "" for tests."""
    parts = file.split("/")
    if parts[0] == "lib":
        return "lib/" + parts[1]
    return next((program for program in PROGRAMS if file.startswith(program + "/")), "")


def roots_of(file):
    """Where an include of a file is looked for: the sources of lib/, and its own program's."""
    return [pathlib.PurePath(file).parent.as_posix(), "lib", file.split("/")[0]]


def includes():
    for file in files(".c", ".cc", ".h"):
        if file.startswith("tests/"):
            continue
        for number, line in enumerate((kea.ROOT / file).read_text().split("\n"), 1):
            if found := INCLUDE.match(line):
                target = next((f"{root}/{found[1]}" for root in roots_of(file)
                               if (kea.ROOT / root / found[1]).exists()), None)
                yield Include(file, number, target or found[1])


def may_include(here, there):
    if there.startswith("lib/"):
        known = LIBRARIES
        if here.startswith("lib/"):
            known = LIBRARIES[:LIBRARIES.index(here[4:]) + 1]
        return there[4:] in known
    return here == there or (here.startswith("ca-publisher/") and there == "ca-publisher")


def wrong_arrows(found):
    return [f"{one.file}:{one.line}: {one.target}" for one in found
            if not may_include(room_of(one.file), room_of(one.target))]


def circle_among(arrows):
    """The first circle that is found; [] where there is none."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return []
        path.append(node)
        for neighbor in sorted(arrows.get(node, ())):
            if circle := visit(neighbor):
                return circle
        path.pop()
        done.add(node)
        return []

    return next((circle for node in sorted(arrows) if (circle := visit(node))), [])


def calls():
    """Which object takes a name from which: {object: {objects}}, by the linker's symbols."""
    objects = [str(path.relative_to(kea.BUILD / "obj")) for path in (kea.BUILD / "obj").rglob("*.o")]
    objects = [name for name in objects if not name.startswith("tests/")
               and any((kea.ROOT / name).with_suffix(suffix).exists() for suffix in (".c", ".cc"))]
    listed = subprocess.run(["nm", "-A", "-P", *objects], cwd=kea.BUILD / "obj", text=True,
                            capture_output=True, check=True).stdout
    owner, taken = {}, collections.defaultdict(set)
    for line in listed.splitlines():
        name, symbol, kind = line.split()[:3]
        if kind in "TDRBC" and symbol != "main":
            owner[symbol] = name.rstrip(":")
        elif kind == "U":
            taken[name.rstrip(":")].add(symbol)
    return {name: {owner[symbol] for symbol in symbols if symbol in owner} - {name}
            for name, symbols in taken.items()}


def test_arrows_point_downward():
    assert wrong_arrows(includes()) == []


def test_no_circles():
    arrows = calls()
    assert len(arrows) > 100
    assert circle_among(arrows) == []


def test_a_wrong_arrow_is_seen():
    """The test above can fail."""
    wrong = [Include("lib/base/wire.c", 3, "lib/option/name.h"),
             Include("lib/site/site.c", 4, "lib/client/dns_client.h"),
             Include("dns-tools/rrset.c", 5, "phone-probe/phone.h"),
             Include("ca-publisher/tool/ca_init.c", 6, "ca-publisher/daemon/log.h")]
    right = [Include("lib/option/name.c", 3, "lib/base/wire.h"),
             Include("phone-probe/steps/sntp.c", 3, "phone-probe/phone.h"),
             Include("ca-publisher/tool/ca_learn.c", 3, "ca-publisher/response_template.h")]
    assert [text.split(":")[0] for text in wrong_arrows(wrong + right)] == [one.file for one in wrong]
    assert circle_among({"a.o": {"b.o"}, "b.o": {"c.o"}, "c.o": {"a.o"}})
    assert not circle_among({"a.o": {"b.o", "c.o"}, "b.o": {"c.o"}})


def libraries(program):
    """What it is linked with, and what that is, by name: {"libevent_core", ...}."""
    listed = subprocess.run(["ldd", kea.BUILD / program], text=True, capture_output=True,
                            check=True).stdout
    return set(re.findall(r"^\s*([\w+]+)", listed, re.MULTILINE))


@pytest.mark.parametrize("program, own", [
    ("ucprov-ca", {"libcurl"}), ("ucprov-probe", {"libcurl", "libldns"}),
    ("ucprov-zone", {"libldns"}), ("ucprov-checkconf", set()), ("ucprov-options", set()),
    ("ucprov-capubd", {"libevent_core", "libevent_extra", "libevent_openssl"})])
def test_programs_need_no_library_that_they_do_not_use(program, own):
    """What speaks on the network: libevent serves, libcurl and libldns ask."""
    network = {name for name in libraries(program)
               if name.startswith(("libevent", "libcurl", "libldns"))}
    assert network == own


def starts_with(name, text):
    return (kea.ROOT / name).read_bytes().startswith(text)


def test_every_source_has_the_license():
    sources = [name for name in files("") if name.endswith(COMMENTED) or starts_with(name, b"#!")]
    assert "tests/run" in sources and "lib/base/wire.c" in sources
    assert [name for name in sources
            if LICENSE not in "\n".join((kea.ROOT / name).read_text().split("\n")[:3])] == []


def test_every_source_says_what_it_is_for():
    silent = []
    for name in files(".c", ".cc", ".py"):
        lines = [line for line in (kea.ROOT / name).read_text().split("\n")
                 if LICENSE not in line and not line.startswith("#!")]
        if not lines[0].startswith('"""' if name.endswith(".py") else "/*"):
            silent.append(name)
    assert silent == []


# The tests' own house

OF_A_TEST = re.compile(r"^(?:from|import) test_", re.M)
OF_A_SOURCE = re.compile(r'^#include "[^"]+\.cc?"', re.M)


def sources_with(pattern, *suffixes):
    return [name for name in files(*suffixes)
            if name.startswith("tests/") and pattern.search((kea.ROOT / name).read_text())]


def test_helpers_stand_in_modules_of_their_own():
    assert sources_with(OF_A_TEST, ".py") == []
    assert OF_A_TEST.search("import kea\nfrom test_hook_kea import warnings\n")


def test_unit_tests_stand_where_their_sources_do():
    """Or beside the data that they read."""
    lost = []
    for name in files("_test.c", "_test.cc"):
        stem = name.rpartition("_test.")[0]
        about = [stem.removeprefix("tests/") + suffix for suffix in (".c", ".cc", ".h")]
        if not any((kea.ROOT / file).exists() for file in [*about, stem + ".json"]):
            lost.append(name)
    assert lost == []


def test_unit_tests_go_through_headers():
    assert sources_with(OF_A_SOURCE, ".c", ".cc", ".h") == []
    assert OF_A_SOURCE.search('#include "unit.h"\n#include "daemon/log.c"\n')
    shared = sources_with(re.compile(r'^#include "unit\.h"', re.M), "_test.c", "_test.cc")
    assert sorted(shared) == sorted(files("_test.c", "_test.cc"))
