#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Time and memory that ucprov-zone takes for many SIP domains, in each format: best of three.

Exit 1 when the default format takes more than it may, or does not grow linearly."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("UCPROV_BUILD", ROOT / "build"))
FORMATS = ["bind", "nsupdate", "unbound", "dnsmasq", "powershell", "json"]
MANY = 100000
SECONDS_MAX = 1.0
MEGABYTES_MAX = 150
GROWTH_MAX = 15  # of the time, for ten times the domains

SITE = """
pools = {{ hq = {{ sip_server = "pool01.contoso.com";
                addresses = [ "10.1.1.10", "10.1.1.11" ]; }}; }};
vlans = ( {{ name = "v"; subnet = "10.20.0.0/16"; pool = "hq"; domain = "contoso.com";
            ntp = [ "10.1.0.1" ]; }} );
dns = {{ ntp_host = "ntp.contoso.com"; sip_domains = [
{}
]; }};
"""


def measure(site, format_, output):
    """Seconds and the largest resident set in megabytes, of the fastest of three runs."""
    best = None
    for _ in range(3):
        with open(output, "wb") as out:
            started = time.monotonic()
            process = subprocess.Popen([BUILD / "ucprov-zone", "-c", site, "--format", format_],
                                       stdout=out)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"ucprov-zone: exit status {process.returncode}")
        if best is None or seconds < best[0]:
            best = seconds, usage.ru_maxrss / 1024
    return best


def main():
    (BUILD / "tmp").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD / "tmp") as name:
        site, output = pathlib.Path(name, "site.conf"), pathlib.Path(name, "out")
        figures = {}
        for count in (MANY // 100, MANY // 10, MANY):
            site.write_text(SITE.format(",\n".join(f'  "site-{n}.contoso.com"'
                                                   for n in range(count))))
            for format_ in FORMATS if count == MANY else ["bind"]:
                seconds, megabytes = figures[count, format_] = measure(site, format_, output)
                print(f"{count:7} domains, {format_:10} {seconds:6.3f} s {megabytes:6.1f} MB "
                      f"{output.stat().st_size / 1e6:7.1f} MB written")
    seconds, megabytes = figures[MANY, "bind"]
    growth = seconds / figures[MANY // 10, "bind"][0]
    print(f"ten times the domains take {growth:.1f} times as long")
    return int(seconds > SECONDS_MAX or megabytes > MEGABYTES_MAX or growth > GROWTH_MAX)


if __name__ == "__main__":
    sys.exit(main())
