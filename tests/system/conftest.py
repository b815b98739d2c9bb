# SPDX-License-Identifier: MPL-2.0
"""What pytest loads first."""

pytest_plugins = ["shared_fixtures"]
