# SPDX-License-Identifier: MPL-2.0
"""What pytest loads first: the slow tests have the helpers and fixtures of the system tests."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

pytest_plugins = ["shared_fixtures"]
