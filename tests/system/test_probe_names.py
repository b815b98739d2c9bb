# SPDX-License-Identifier: MPL-2.0
"""ucprov-probe's names step: against unbound and BIND, and against a resolver that says anything."""

import random
import socket
import struct
import subprocess
import time

import pytest

from lab import unbound
from loopback import free_port
from probe import PROBE, Outcome, run
from processes import running
from resolver import (A, CNAME, FQDN, REFUSED, SERVFAIL, SRV, Resolver, address, encode,
                      framed, record, service)

GOOD = [f"{FQDN}. A 10.1.1.10", "_sipinternaltls._tcp.contoso.com. SRV 0 0 5061 pool01.contoso.com.",
        "pool01.contoso.com. A 10.1.1.10", "_ntp._udp.contoso.com. SRV 0 0 123 ntp.contoso.com."]


def names(*ports, domains=("contoso.com",), more=("--timeout", "0.6")):
    arguments = ["--json", "--steps", "names"]
    for domain in domains:
        arguments += ["--domain", domain]
    for port in ports:
        arguments += ["--resolver", port if isinstance(port, str) else f"127.0.0.1#{port}"]
    return Outcome(run(*arguments, *more))


# Real ones

def test_unbound(tmp_path):
    port = free_port()
    with unbound(tmp_path / "unbound", port=port, records=GOOD):
        outcome = names(port)
        missing = names(port, domains=("contoso.com", "emea.contoso.com"))
        nothing = names(port, domains=("fabrikam.com",))
    assert outcome.status == 0
    assert outcome.summary_of("names.update") == f"{FQDN} 10.1.1.10"
    assert outcome.summary_of("names.sign-in") == \
        "_sipinternaltls._tcp.contoso.com: pool01.contoso.com port 5061"
    assert {check["severity"] for check in outcome.checks.values()} == {"pass"}
    assert missing.status_of("names.update") == "warn"
    assert "ucupdates-r2.emea.contoso.com: does not exist" in missing.summary_of("names.update")
    assert nothing.status == 1
    assert nothing.status_of("names.update") == nothing.status_of("names.sign-in") == "fail"
    assert "0x2EE7/0" in nothing.checks["names.update"]["remedy"]
    assert nothing.status_of("names.time") == "warn"


@pytest.fixture(name="bind")
def fixture_bind(tmp_path):
    """An authoritative server: aliases, fallbacks, a long answer, a target that is missing."""
    port = free_port()
    many = "".join(f"many A 10.9.0.{i}\n" for i in range(1, 61))
    (tmp_path / "zone").write_text(
        "$TTL 60\n@ SOA ns h 1 60 60 60 60\n@ NS ns\nns A 127.0.0.1\n"
        f"ucupdates-r2 CNAME alias\nalias CNAME many\n{many}"
        "ucupdates-r2.sub A 10.1.1.10\nsip.sub A 10.1.1.10\n_ntp._udp TXT nothing\n"
        "_sipinternaltls._tcp SRV 20 0 5061 second\n_sipinternaltls._tcp SRV 10 5 5062 first\n"
        "_sipinternaltls._tcp SRV 10 1 5063 third\n")
    (tmp_path / "named.conf").write_text(f"""
        options {{ directory "{tmp_path}"; pid-file none; session-keyfile none; recursion no;
          listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
          dnssec-validation no; check-integrity no; }};
        controls {{ }};
        zone "contoso.com" {{ type primary; file "zone"; }};
        """)
    with running("named", "-g", "-c", tmp_path / "named.conf", ready="all zones loaded"):
        yield port


def test_bind(bind):
    outcome = names(bind)
    assert outcome.status_of("names.update") == "pass", outcome.text
    assert outcome.summary_of("names.update").count("10.9.0.") == 16, "aliases, TCP, bounded"
    # Priority before weight; its target has no address.
    assert outcome.status_of("names.sign-in") == "fail"
    assert outcome.summary_of("names.sign-in") == (
        "_sipinternaltls._tcp.contoso.com: first.contoso.com port 5062, which does not exist")
    assert "has no SRV record" in outcome.summary_of("names.time")


def test_sign_in_fallback(bind):
    outcome = names(bind, domains=("sub.contoso.com",))
    assert outcome.status_of("names.sign-in") == "warn"
    assert outcome.summary_of("names.sign-in") == \
        "no SRV record; instead sip.sub.contoso.com 10.1.1.10"


def test_zone_that_is_not_served(bind):
    outcome = names(bind, domains=("fabrikam.com",))
    assert outcome.status == 1
    assert outcome.summary_of("names.update") == f"127.0.0.1#{bind} answers REFUSED"
    assert "can resolve no name" in outcome.checks["names.update"]["remedy"]


def test_several_resolvers(tmp_path):
    """Dead, refusing, and one that knows something else: found, and a phone is served all the same."""
    first, second = free_port(), free_port()
    with unbound(tmp_path / "one", port=first, records=GOOD), \
            unbound(tmp_path / "two", port=second,
                    records=[GOOD[0].replace("10.1.1.10", "10.9.9.9"), *GOOD[1:]]), \
            Resolver(lambda query, tcp: []) as silent:
        outcome = names(free_port(), silent.port, first)
        assert outcome.status == 0, outcome.text
        assert outcome.summary_of("names.update") == f"{FQDN} 10.1.1.10"
        assert outcome.status_of("names.resolvers") == "warn"
        assert "refuses the connection" in outcome.summary_of("names.resolvers")
        assert f"127.0.0.1#{silent.port} does not answer" in outcome.summary_of("names.resolvers")
        assert len(silent.queries) == 2, "not asked again once it was silent"
        other = names(first, second)
        assert other.summary_of("names.resolvers") == \
            f"127.0.0.1#{second} says something else about {FQDN}"


# One that says anything

def ask(script, **settings):
    with Resolver(script) as resolver:
        outcome = names(resolver.port, **settings)
        outcome.queries = resolver.queries
    return outcome


def found(outcome):
    return outcome.status_of("names.update") == "pass" and \
        outcome.summary_of("names.update") == f"{FQDN} 10.1.1.10"


def test_queries_are_as_they_should_be():
    outcome = ask(lambda query, tcp: [query.known()])
    assert found(outcome) and outcome.status == 0
    identities = {query.octets[:2] for query in outcome.queries}
    assert len(identities) > 1
    for query in outcome.queries:
        assert query.octets[2:12] == bytes.fromhex("01000001000000000000"), "RD, one question"
        assert len(query.octets) == 12 + len(query.question), "no EDNS"


def wrong_identity(query):
    return bytes([query.octets[0] ^ 1, query.octets[1]])


STRAYS = {
    "identity": lambda query: query.answer(address(FQDN, "10.6.6.6"), identity=wrong_identity(query)),
    "not an answer": lambda query: query.answer(address(FQDN, "10.6.6.6"), flags=0x0100),
    "other question": lambda query: query.answer(
        address(FQDN, "10.6.6.6"), question=encode("evil.example") + b"\0\1\0\1"),
    "other type": lambda query: query.answer(
        address(FQDN, "10.6.6.6"), question=encode(query.name) + b"\0\x10\0\1"),
    "no question": lambda query: query.octets[:2] + bytes.fromhex("85800000000100000000") +
    address(FQDN, "10.6.6.6"),
    "short": lambda query: query.octets[:11],
    "nothing": lambda query: b"",
    "cut": lambda query: query.answer(address(FQDN, "10.6.6.6"))[:-3],
    "loop": lambda query: query.answer(struct.pack(">H", 0xc000 | 12 + len(
        query.question)) + b"\0\1\0\1" + bytes(4) + b"\0\4\1\2\3\4"),
    "count": lambda query: query.answer(address(FQDN, "10.6.6.6"), count=9),
}


@pytest.mark.parametrize("what", STRAYS)
def test_strays_are_ignored(what):
    """Alone they are no answer; before the real one they do no harm."""
    assert ask(lambda query, tcp: [STRAYS[what](query)]).status == 1
    assert found(ask(lambda query, tcp: [STRAYS[what](query), query.known()]))


def test_late_doubled_and_lost_answers():
    assert found(ask(lambda query, tcp: [query.known()] * 3))
    assert found(ask(lambda query, tcp: [0.2, query.known()]))
    seen = []

    def lossy(query, tcp):
        seen.append(query.octets)
        return [query.known()] if seen.count(query.octets) == 2 else []

    assert found(ask(lossy))


@pytest.mark.parametrize("records, result", [
    ([address("evil.example", "10.6.6.6")], "has no A record"),
    ([record(FQDN, A, b"\1\2\3")], "cannot be read"),
    ([record(FQDN, A, socket.inet_aton("10.6.6.6"), rclass=3)], "has no A record"),
    ([record(FQDN, CNAME, encode(FQDN))], "alias that leads nowhere"),
    ([record(FQDN, CNAME, encode("a.example")), record("a.example", CNAME, encode(FQDN))],
     "alias that leads nowhere"),
    ([record(FQDN, CNAME, encode("a.example")), address("a.example")], None),
    ([record(FQDN.upper(), A, socket.inet_aton("10.1.1.10"))], None),
])
def test_answers_about_other_things(records, result):
    def script(query, tcp):
        if query.name != FQDN:
            return [query.known()]
        return [query.answer(*records)]

    outcome = ask(script)
    if result is None:
        assert found(outcome), outcome.text
    else:
        assert outcome.status_of("names.update") == "fail"
        assert result in outcome.summary_of("names.update"), outcome.text


def test_alias_out_of_the_answer():
    """An authoritative server names the alias alone: it is asked for in turn, some times."""
    def script(query, tcp):
        if query.name == FQDN:
            return [query.answer(record(FQDN, CNAME, encode("a0.example")))]
        if query.name == "a3.example":
            return [query.answer(address("a3.example"))]
        if query.name.startswith("a"):
            onward = f"a{int(query.name[1:].split('.')[0]) + 1}.example"
            return [query.answer(record(query.name, CNAME, encode(onward)))]
        return [query.known()]

    assert found(ask(script))

    def endless(query, tcp):
        onward = f"{random.randrange(10**9)}.example"
        return [query.answer(record(query.name, CNAME, encode(onward)))]

    outcome = ask(endless)
    assert outcome.status == 1 and len(outcome.queries) < 100


def over_tcp(octets):
    """UDP's answer is cut, and TCP's is what comes."""
    def script(query, tcp):
        if not tcp:
            return [query.answer(flags=0x8780)]
        return octets(query)
    return script


def test_tcp():
    assert found(ask(over_tcp(lambda query: [framed(query.known())])))
    assert found(ask(over_tcp(lambda query: [framed(query.known())[:7], 0.05,
                                             framed(query.known())[7:]])))
    many = [address(FQDN, f"10.1.{i // 256}.{i % 256}") for i in range(1, 1200)]
    outcome = ask(over_tcp(lambda query: [framed(query.answer(*many))]))
    assert outcome.summary_of("names.update").count("10.1.") == 16


@pytest.mark.parametrize("octets", [
    lambda query: [], lambda query: [b"\0"], lambda query: [b"\0\0"], lambda query: [b"\xff\xff"],
    lambda query: [framed(query.known())[:-1]], lambda query: [framed(query.known()[:5])],
    lambda query: [framed(query.answer(flags=0x8780))],
    lambda query: [framed(query.answer(identity=wrong_identity(query)))],
    lambda query: [each for octet in framed(query.known()) for each in (bytes([octet]), 0.1)],
])
def test_tcp_that_leads_nowhere(octets):
    """Closed, cut, dribbling: bounded in time."""
    started = time.monotonic()
    outcome = ask(over_tcp(octets), more=("--timeout", "0.5", "--total", "8"))
    assert time.monotonic() - started < 12
    assert outcome.status == 1
    assert outcome.status_of("names.update") == "fail"


@pytest.mark.parametrize("target, says", [
    (b"\0", "_sipinternaltls"), (b"\4\x1b[2J\0", "_sipinternaltls"), (encode("x" * 63), "x" * 63),
    (b"\xc0\xff", "cannot be read"), (b"\x40ab", "cannot be read"),
])
def test_hostile_srv_targets(target, says):
    def script(query, tcp):
        if query.kind == SRV:
            return [query.answer(service(query.name, target))]
        return [query.known()]

    outcome = ask(script)
    assert says in outcome.summary_of("names.sign-in")
    assert outcome.status_of("names.sign-in") == "fail"


@pytest.mark.parametrize("rcode, word", [(SERVFAIL, "SERVFAIL"), (REFUSED, "REFUSED"),
                                         (11, "an error")])
def test_response_codes(rcode, word):
    outcome = ask(lambda query, tcp: [query.answer(rcode=rcode)])
    assert outcome.status == 1
    assert outcome.summary_of("names.update").endswith(f"answers {word}")


def test_noise_never_crashes():
    noise = random.Random(7)

    def mutate(octets):
        octets = bytearray(octets)
        for _ in range(noise.randrange(1, 5)):
            octets[noise.randrange(2, len(octets))] = noise.randrange(256)
        return bytes(octets[:noise.randrange(12, len(octets) + 1)])

    def script(query, tcp):
        good = query.answer(address(query.name), service(query.name, "a.example"),
                            record(query.name, CNAME, b"\xc0\x0c"))
        return [mutate(good) for _ in range(30)] + [query.octets[:2] + noise.randbytes(500)]

    for _ in range(5):
        assert ask(script, more=("--timeout", "0.2")).status in (0, 1)


def test_domain_that_is_too_long_is_no_fault_of_resolvers():
    domain = ".".join(["a" * 60] * 4)
    outcome = ask(lambda query, tcp: [query.answer(rcode=3)], domains=(domain,))
    assert outcome.summary_of("names.update").startswith("ucupdates-r2.aaa")
    assert outcome.summary_of("names.update").endswith(": is longer than a name can be")
    assert "resolver" not in outcome.checks["names.update"]["remedy"]


def test_problem_stands_behind_its_own_name():
    """Two domains, with different troubles."""
    def script(query, tcp):
        return [query.answer(rcode=2 if query.name.endswith("a.example") else 3)]

    outcome = ask(script, domains=("a.example", "b.example"))
    assert outcome.summary_of("names.sign-in") == "_sipinternaltls._tcp.b.example: does not exist"
    assert outcome.summary_of("names.time") == "_ntp._udp.b.example: does not exist"


def test_silence_is_bounded():
    started = time.monotonic()
    with Resolver(lambda query, tcp: []) as resolver:
        outcome = names(*[resolver.port] * 8, domains=[f"d{i}.example" for i in range(16)],
                        more=("--timeout", "60", "--total", "1"))
    assert time.monotonic() - started < 5
    assert outcome.status == 2 and outcome.document["not_looked_at"] == ["names"]


# Usage

@pytest.mark.parametrize("arguments, said", [
    (("--steps", "names"), "needs dhcp, or --resolver"),
    (("--steps", "names", "--resolver", "127.0.0.1"), "needs dhcp, or --domain"),
    (("--steps", "nams"), "not a step"),
    (("--steps", ""), '"": not a step'),
    (("--steps", "names", "--resolver", "localhost"), "not an IPv4 address"),
    (("--steps", "names", "--resolver", "127.0.0.1#0"), "not a port"),
    (("--steps", "names", "--domain", "a..b"), "empty label"),
    (("--steps", "time"), "needs dhcp, --ntp or --resolver"),
    (("--steps", "chain", "--resolver", "127.0.0.1"), "needs inform, or --url"),
    (("--steps", "sign-in", "--resolver", "127.0.0.1"), "needs inform, --sip-server or --domain"),
    (("--steps", "update", "--domain", "a.b"), "needs dhcp, or --resolver"),
    (("--steps", "chain", "--url", "ftp://x/"), "--url"),
    (("--steps", "chain", "--url", "https://a b/"), "--url"),
    (("--steps", "chain", "--url", "https://10.1.1.1/CertProv"), "an IPv4 address"),
    (("--steps", "chain", "--url", "https://" + "x" * 300 + ".example/"), "--url"),
    (("--steps", "sign-in", "--sip-server", "10.1.1.1"), "--sip-server"),
    (("--steps", "time", "--ntp", "nobody"), "not an IPv4 address"),
    (("--steps", "time", "--ntp", "127.0.0.1", "--total", "0"), "seconds from 1 to 3600"),
    (("--steps", "time", "--ntp", "127.0.0.1", "--ntp-port", "x"), "not a port"),
    (("--steps", "time", "--ntp", "127.0.0.1", "--firmware", "4.0"), "not a version"),
    (("--steps", "time", "--ntp", "127.0.0.1", "--json", "--nagios"), "one or the other"),
    (("--steps", "time", "--ntp", "127.0.0.1", "--strict", "--nagios"), "one or the other"),
    (("--steps", "dhcp"), "either an interface"),
    (("--steps", "names", *(["--resolver", "127.0.0.1"] * 9)), "one too many"),
    (("--steps", "time", *(["--ntp", "127.0.0.1"] * 9)), "one too many"),
    (("--steps", "names", *(word for i in range(17) for word in ("--domain", f"d{i}.x"))),
     "one too many"),
])
def test_wrong_usage(arguments, said):
    done = run(*arguments)
    assert said in done.stderr
    if "--nagios" in arguments:
        assert done.returncode == 3 and done.stdout.startswith("UCPROV UNKNOWN - ")
    else:
        assert (done.returncode, done.stdout) == (2, "")


def test_machine_without_a_route():
    """In a namespace of its own, the network's faults are not this machine's to judge."""
    def isolated(*more):
        return subprocess.run(["unshare", "--net", str(PROBE), "--steps",
                               "names,time,update,sign-in", "--domain", "contoso.com", "--resolver",
                               "192.0.2.53", "--ntp", "192.0.2.123", "--sip-server",
                               "pool01.contoso.com", *more],
                              capture_output=True, text=True, timeout=30, check=False)

    outcome = Outcome(isolated("--json"))
    assert outcome.status == 2
    assert {check["severity"] for check in outcome.checks.values()} == {"skip"}
    assert "no route" in outcome.summary_of("names.update")
    assert outcome.document["not_looked_at"] == ["names", "time", "update", "sign-in"]
    assert "Not looked at: names, time, update, sign-in." in outcome.document["verdict"]
    nagios = isolated("--nagios")
    assert nagios.returncode == 3 and nagios.stdout.startswith("UCPROV UNKNOWN - ")
