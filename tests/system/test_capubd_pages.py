# SPDX-License-Identifier: MPL-2.0
"""ucprov-capubd: files, the page for people (also in a browser), what monitoring reads, and the
log."""

import datetime
import email.utils
import html
import re
import shutil
import ssl
import tempfile
import time

import pytest

import certificates
import publisher
from publisher import PATH, REQUEST, SERVICE, envelope, message

TYPES = {
    "/root.cer": "application/pkix-cert",
    "/root-2.cer": "application/pkix-cert",
    "/root.pem": "application/pem-certificate-chain",
    "/chain.pem": "application/pem-certificate-chain",
    "/chain.p7b": "application/pkcs7-mime; smime-type=certs-only",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = publisher.authorities()
    settings = {"chain": [made.issuing.chain, made.second.chain]}
    with publisher.Publisher(tmp_path_factory.mktemp("pages"), settings) as running:
        yield running
        running.end()


# Files

@pytest.mark.parametrize("kind", ["http", "https", "legacy_https"])
def test_files_hold_the_certificates(server, kind):
    made = publisher.authorities()
    issuing, root, second = publisher.fingerprints(made.issuing, made.root, made.second)
    assert server.ask("/root.cer", kind=kind).body == root
    assert server.ask("/root-2.cer", kind=kind).body == second
    assert certificates.read_pem(server.ask("/root.pem", kind=kind).body.decode()) == [root, second]
    assert certificates.read_pem(server.ask("/chain.pem", kind=kind).body.decode()) == [
        issuing, root, second]
    assert sorted(certificates.read_pkcs7(server.ask("/chain.p7b", kind=kind).body)) == sorted(
        [issuing, root, second])


def test_openssl_verifies_with_the_files(server, tmp_path):
    made = publisher.authorities()
    (tmp_path / "root.pem").write_bytes(server.ask("/root.pem").body)
    (tmp_path / "chain.pem").write_bytes(server.ask("/chain.pem").body)
    certificates.openssl("verify", "-CAfile", tmp_path / "root.pem", "-untrusted",
                         tmp_path / "chain.pem", made.server.certificate)


@pytest.mark.parametrize("path", TYPES)
def test_media_types_and_dates(server, path):
    answer = server.ask(path)
    assert answer.headers["Content-Type"] == TYPES[path]
    assert re.fullmatch('"[0-9a-fA-F:]{16,}"', answer.headers["ETag"])
    modified = email.utils.parsedate_to_datetime(answer.headers["Last-Modified"]).timestamp()
    made = publisher.authorities()
    assert modified == int(max(file.stat().st_mtime
                               for file in (made.issuing.chain, made.second.chain)))
    assert email.utils.parsedate_to_datetime(answer.headers["Date"]) is not None


def test_etags_differ(server):
    assert len({server.ask(path).headers["ETag"] for path in TYPES}) == len(TYPES)


@pytest.mark.parametrize("path", TYPES)
def test_conditional_requests(server, path):
    first = server.ask(path)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for headers, status in [
            ([("If-None-Match", tag)], 304),
            ([("If-None-Match", f'"x", W/{tag}')], 304),
            ([("If-None-Match", "*")], 304),
            ([("If-None-Match", '"x"')], 200),
            ([("If-Modified-Since", date)], 304),
            ([("If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT")], 200),
            ([("If-None-Match", '"x"'), ("If-Modified-Since", date)], 200)]:
        with server.connect() as wire:
            wire.send(message("GET", path, headers=headers) + message("GET", "/healthz"))
            answer = wire.answer()
            assert (answer.status, answer.headers["ETag"]) == (status, tag), headers
            assert answer.body == (first.body if status == 200 else b"")
            assert wire.answer().body == b"ok\n"  # nothing was behind the headers of a 304


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize("path", ["/root.cer", "/", "/healthz", "/nothing", PATH])
def test_head_is_get_without_the_body(server, path, version):
    with server.connect() as wire:
        wire.send(message("GET", path))
        get = wire.answer()
    with server.connect() as wire:
        wire.send(message("HEAD", path, headers=[("Connection", "close")], version=version))
        head = wire.answer(head=True)
        assert wire.rest() == b""
    assert head.status == get.status
    assert head.headers["Content-Type"] == get.headers["Content-Type"]
    assert head.headers["ETag"] == get.headers["ETag"]


def test_head_on_a_kept_connection(server):
    with server.connect() as wire:
        wire.send(message("HEAD", "/chain.pem") + message("GET", "/healthz"))
        assert wire.answer(head=True).status == 200
        assert wire.answer().body == b"ok\n"


@pytest.mark.parametrize("method, path, status", [
    ("GET", "/nothing", 404),
    ("GET", "/root-0.cer", 404),
    ("GET", "/root-3.cer", 404),
    ("GET", "/../etc/passwd", 404),
    ("GET", "/metrics", 404),
    ("GET", "/" + "x" * 4000, 404),
    ("GET", "/%00", 404),
    ("GET", "/\xe4", 404),
    ("POST", "/", 405),
    ("POST", "/root.cer", 405),
    ("POST", "/nothing", 405),
    ("PUT", PATH, 501),
    ("DELETE", "/", 501),
    ("OPTIONS", "*", 501),
    ("TRACE", "/", 501),
], ids=lambda each: str(each)[:20])
def test_refusals(server, method, path, status):
    body = b"x" if method in ("POST", "PUT") else None
    answer = server.exchange(message(method, path, body))
    assert answer.status == status or (status == 501 and answer.status in (400, 405))
    if status == 405:
        assert answer.headers["Allow"] == "GET, HEAD"
    assert server.ask("/healthz").status == 200


def test_is_no_proxy(server):
    with server.connect() as wire:
        wire.send(message("CONNECT", "127.0.0.1:22"))
        assert wire.until(b"\r\n").startswith(b"HTTP/1.1 501 ")
    answer = server.ask("http://127.0.0.1:22/root.cer")  # the path alone counts
    assert answer.body == publisher.authorities().root.der()


# The page

def openssl_fingerprint(made, digest):
    text = certificates.openssl("x509", "-in", made.certificate, "-noout", "-fingerprint",
                                f"-{digest}").decode()
    return text.strip().partition("=")[2]


def test_page_shows_the_chains(server):
    made = publisher.authorities()
    answer = server.ask("/")
    page = answer.body.decode().replace("<wbr>", "")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
    for each in (made.issuing, made.root, made.second):
        assert openssl_fingerprint(each, "sha1") in page
        assert openssl_fingerprint(each, "sha256") in page
    assert html.escape("<b>Fabrikam & Söhne</b> Root") in page
    assert "<b>" not in page and "<script" not in page
    for need in (publisher.HOST, "pool02.contoso.com", publisher.PATH, publisher.PATH_DR,
                 "ucupdates-r2.contoso.com"):
        assert need in page


def test_every_link_on_the_page_leads_somewhere(server):
    links = re.findall(r'href="([^"]+)"', server.ask("/").body.decode())
    assert {"/root.cer", "/root-2.cer", "/chain.pem", "/chain.p7b"} <= set(links)
    assert [link for link in links if server.ask(link).status != 200] == []


def test_page_shows_who_was_there(tmp_path):
    with publisher.Publisher(tmp_path) as server:
        assert "Nobody yet" in server.ask("/").body.decode()
        server.fetch_chains(source="127.0.0.77")
        server.fetch_chains("legacy_https", source="127.0.0.78")
        server.fetch_chains("https", source="127.0.0.79")
        server.fetch_chains("https", source="127.0.0.79")
        server.ask("/", source="127.0.0.80")
        page = server.ask("/").body.decode()
        rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall("<tr>.*?</tr>", page)]
        rows = [row for row in rows if row[0].startswith("127.")]
        assert [row[0] for row in rows] == ["127.0.0.79", "127.0.0.78", "127.0.0.77"]
        assert "TLS 1.3" in " ".join(rows[0]) and "2 times" in " ".join(rows[0])
        assert "TLS 1.0" in " ".join(rows[1]) and "1 time" in " ".join(rows[1])
        assert rows[2][-1] == "HTTP"


WIDTHS = (320, 360, 1400)


@pytest.fixture(scope="module")
def browser():
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        options = webdriver.ChromeOptions()
        for argument in ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                         "--disable-background-networking", "--disable-component-update",
                         "--disable-sync", "--disable-dev-shm-usage",
                         "--force-device-scale-factor=1", f"--user-data-dir={profile}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = shutil.which("chromedriver")
        assert driver, "chromium-driver is not installed"
        running = webdriver.Chrome(service=Service(driver), options=options)
        try:
            yield running
        finally:
            running.quit()


@pytest.mark.parametrize("width", WIDTHS)
def test_page_in_a_browser(server, browser, width):
    server.fetch_chains(source="127.123.124.125")
    # A headless window has a least width; a device's screen has not.
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500})
    browser.get(f"http://127.0.0.1:{server.ports['http']}/")
    assert browser.title == "Root certificates for phones"
    inner, scroll, client = browser.execute_script(
        "return [window.innerWidth, document.documentElement.scrollWidth,"
        " document.documentElement.clientWidth]")
    assert inner == width and scroll <= inner and client <= inner
    text = browser.find_element("tag name", "body").text
    assert "127.123.124.125" in text and "<b>Fabrikam & Söhne</b> Root" in text
    wide = browser.execute_script(
        "return Array.from(document.querySelectorAll('body *'))"
        ".filter(e => e.getBoundingClientRect().right > window.innerWidth + 0.5)"
        ".map(e => e.outerHTML.slice(0, 80))")
    assert wide == []
    # Nobody asked for a favicon, or for the browser's own pages; anything else would be a
    # fault of ours.
    errors = [entry for entry in browser.get_log("browser")
              if not re.search("favicon|^chrome://", entry["message"])]
    assert errors == []


# Monitoring

def test_health(server):
    answer = server.ask("/healthz")
    assert (answer.status, answer.body) == (200, b"ok\n")


def test_health_ends_with_the_chain(tmp_path):
    now = datetime.datetime.now(datetime.timezone.utc)
    ends = now + datetime.timedelta(seconds=3)
    brief = certificates.Authority(tmp_path, "Brief root", key="ec:prime256v1", end=ends)
    settings = {"chain": brief.certificate, "https": None, "legacy_https": None,
                "legacy_tls": None}
    with publisher.Publisher(tmp_path, settings) as server:
        assert "a certificate of the chain expires in 0 days: renew it" in server.log()
        assert server.ask("/healthz").status == 200
        time.sleep(max(0, ends.timestamp() - time.time()) + 0.1)
        answer = server.ask("/healthz")
        assert answer.status == 503 and b"expired" in answer.body
        assert "has expired" in server.ask("/").body.decode()


def test_metrics_count_what_happened(tmp_path):
    with publisher.Publisher(tmp_path, {"workers": 2, "max_requests_per_second": 30}) as server:
        before = server.metrics()
        assert before["ucprov_requests_total", ("chain", "200")] == 0
        assert before["ucprov_connections", ()] == 0
        for _ in range(5):
            server.fetch_chains()
        server.fetch_chains("https", source="127.0.0.2")
        server.fetch_chains("legacy_https", source="127.0.0.3")
        server.ask(PATH, envelope(f'<GetAndPublishCert xmlns="{SERVICE}"/>'))
        server.ask(PATH, b"nothing")
        server.ask(PATH + "?wsdl")
        tag = server.ask("/root.cer").headers["ETag"]
        server.ask("/root.cer", headers=[("If-None-Match", tag)])
        server.ask("/")
        server.ask("/healthz")
        server.ask("/nothing")
        server.ask("/", b"")
        statuses = [server.ask("/nothing", source="127.0.0.9").status for _ in range(65)]
        assert statuses[:60] == [404] * 60 and 429 in statuses[60:]
        refused = statuses.count(429)
        with server.connect() as wire:  # is counted when its request is answered
            wire.send(message("GET", "/healthz"))
            wire.answer()
            counted = server.metrics()
        assert {labels: number for (name, labels), number in counted.items()
                if name == "ucprov_requests_total"} == {
            ("chain", "200"): 7, ("operation", "200"): 1, ("fault", "500"): 1,
            ("wsdl", "200"): 1, ("download", "200"): 1, ("download", "304"): 1,
            ("page", "200"): 1, ("health", "200"): 2, ("other", "404"): 1 + 65 - refused,
            ("other", "405"): 1, ("other", "429"): refused}
        assert counted["ucprov_connections", ()] == 1
        assert counted["ucprov_connections_total", ()] == 7 + 9 + 65 + 1
        assert counted["ucprov_clients_total", ()] == 3
        assert {labels[0]: number for (name, labels), number in counted.items()
                if name == "ucprov_tls_handshakes_total"} == {
            "1.0": 1, "1.1": 0, "1.2": 0, "1.3": 1}
        assert server.failures() == {"max_requests_per_second": refused}
        ends = ssl.cert_time_to_seconds(certificates.openssl(
            "x509", "-in", publisher.authorities().root.certificate, "-noout", "-enddate")
            .decode().strip().partition("=")[2])
        assert abs(counted["ucprov_chain_expiry_timestamp_seconds", ()] - ends) <= 5
        assert abs(counted["ucprov_loaded_timestamp_seconds", ()] - time.time()) < 60
        assert counted["ucprov_reloads_total", ()] == 0
        server.reload()
        assert server.metrics()["ucprov_reloads_total", ()] == 1


def test_admin_listener_shows_metrics_alone(server):
    answer = server.ask("/metrics", kind="admin")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    for path in ("/", "/chain.pem", "/healthz", PATH):
        assert server.ask(path, kind="admin").status == 404
    assert server.ask("/metrics", b"x", kind="admin").status != 200


# The log

def test_a_request_is_one_line(tmp_path):
    with publisher.Publisher(tmp_path) as server:
        server.ask(PATH, REQUEST, [("User-Agent", "CPE/4.0.7577.4463 OCPhone")],
                   source="127.0.0.5")
        line = server.wait_for_log(r"127\.0\.0\.5: ")
        assert re.fullmatch(r"\S+Z 127\.0\.0\.5: chain 200, \d+ octets, HTTP, "
                            rf'"POST {re.escape(PATH)}" "CPE/4.0.7577.4463 OCPhone"', line), line
        server.exchange(message("HEAD", "/healthz"), "https", head=True, source="127.0.0.6")
        assert re.search(r'health 200, .* TLS 1.3, "HEAD /healthz" "-"',
                         server.wait_for_log(r"127\.0\.0\.6: "))


HOSTILE = [
    ("\x1b[31mred\x1b[0m", "/"),
    ("a\r\n b", "/"),  # a folded header
    ("\x00", "/"),
    ("\x85\x9b31m\xe2\x80\xa8", "/"),
    ("x" * 3000, "/" + "y" * 3000),
    ("\x7f\t\x0b", "/\x1b]0;title\x07"),
    ("%s%n%s%n", "/%s%n%n"),
    ("-", "/\x80\xff"),
]


def test_hostile_octets_stay_on_one_printable_line(tmp_path):
    with publisher.Publisher(tmp_path, {"workers": 1}) as server:
        mark = len(server.lines)
        for number, (agent, path) in enumerate(HOSTILE):
            with server.connect(source=f"127.0.1.{number}") as wire:
                wire.send(message("GET", path, headers=[("User-Agent", agent),
                                                        ("Connection", "close")]))
                wire.rest()
        server.exchange(message("GET", "/", headers=[("User-Agent", "the last")]))
        server.wait_for_log("the last", mark)
        lines = server.lines[mark:]
        addresses = [line.split()[1] for line in lines]
        assert len(addresses) == len(set(addresses)) >= len(HOSTILE) - 2  # libevent refuses some
        for line in lines:
            assert re.fullmatch(r"[ -~]+", line) and len(line) < 1024, line
            assert re.match(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ 127\.0\.\d\.\d: ", line), line


def test_log_requests_can_be_turned_off(tmp_path):
    with publisher.Publisher(tmp_path, {"log_requests": False}) as server:
        mark = len(server.lines)
        server.fetch_chains()
        with server.plain("https") as client:
            client.sendall(b"garbage, more than five octets")
            client.recv(100)
        server.wait_for_log("TLS handshake failed", mark)
        assert len(server.lines) == mark + 1


def test_journal_gets_levels(tmp_path):
    """systemd says so in the environment; lines then begin with a level, not with a time."""
    with publisher.Publisher(tmp_path, start=False) as server:
        server.environment["JOURNAL_STREAM"] = "8:12345"
        server.start()
        server.fetch_chains()
        server.wait_for_log(r"^<6>127\.0\.0\.1: chain 200")
        assert all(re.match(r"<[3-6]>", line) for line in server.lines), server.log()
