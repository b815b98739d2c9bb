# SPDX-License-Identifier: MPL-2.0
"""The slow tests use what the system tests use."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import loopback  # noqa: E402


def pytest_configure():
    loopback.enter()
