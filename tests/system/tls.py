# SPDX-License-Identifier: MPL-2.0
"""ClientHellos by hand (RFC 2246 7.4.1.2)."""


def extension(number, octets):
    return number.to_bytes(2, "big") + len(octets).to_bytes(2, "big") + octets


def sni(name):
    entry = b"\0" + len(name).to_bytes(2, "big") + name
    return extension(0, len(entry).to_bytes(2, "big") + entry)


def client_hello(version, suites, extensions=b"", record_version=0x0301):
    listed = b"".join(suite.to_bytes(2, "big") for suite in suites)
    hello = (version.to_bytes(2, "big") + bytes(range(32)) + b"\0"
             + len(listed).to_bytes(2, "big") + listed + b"\x01\0")
    if extensions:
        hello += len(extensions).to_bytes(2, "big") + extensions
    handshake = b"\x01" + len(hello).to_bytes(3, "big") + hello
    return (b"\x16" + record_version.to_bytes(2, "big") + len(handshake).to_bytes(2, "big")
            + handshake)


def sslv2_client_hello(version, suites):
    """As Windows CE sends it while SSL 2.0 is not turned off (RFC 2246 appendix E)."""
    listed = b"".join(suite.to_bytes(3, "big") for suite in suites)
    hello = (b"\x01" + version.to_bytes(2, "big") + len(listed).to_bytes(2, "big") + b"\0\0"
             + b"\0\x10" + listed + bytes(range(16)))
    return (0x8000 | len(hello)).to_bytes(2, "big") + hello
