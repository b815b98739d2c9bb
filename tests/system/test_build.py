# SPDX-License-Identifier: MPL-2.0
"""The makefile: a warning stops the project's own builds, and no user's."""

import os
import subprocess

import pytest

import kea

# One that warns of nothing, and needs nothing but a C library.
OBJECT = "obj/lib/base/hex.o"
SOURCE = "lib/base/hex.c"


def make(build, *arguments):
    """What make says it does; as a user calls it, whatever make these tests were started by."""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("WERROR", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(["make", "V=1", f"BUILD={build}", *map(str, arguments)], cwd=kea.ROOT,
                          env=environment, text=True, capture_output=True, timeout=120, check=True)
    return done.stdout


def compilations(text):
    return [line for line in text.splitlines() if " -c -o " in line]


@pytest.mark.parametrize("goal", ["all", "install"])
def test_user_build_goes_on_after_warnings(directory, goal):
    compiled = compilations(make(directory, "-n", goal))
    assert compiled and not any("-Werror" in line for line in compiled)


@pytest.mark.parametrize("goal", ["test-system", "test-unit-asan", "fuzz-programs"])
def test_test_build_stops_at_a_warning(directory, goal):
    compiled = compilations(make(directory, "-n", goal))
    assert compiled and all("-Werror" in line for line in compiled)


def test_warnings_can_be_let_pass(directory):
    assert "-Werror" not in make(directory, "-n", "test-unit-asan", "WERROR=")


def test_objects_that_may_have_warned_are_not_tested(directory):
    """Made without -Werror, they are made again with it; not the other way round."""
    user, test = [directory / OBJECT], [directory / OBJECT, "WERROR=-Werror"]
    assert compilations(make(directory, *user))
    assert compilations(make(directory, *test)) and not compilations(make(directory, *test))
    assert not compilations(make(directory, *user))
    assert compilations(make(directory, "--assume-new", SOURCE, *user))
    assert compilations(make(directory, *test))
