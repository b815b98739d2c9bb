# SPDX-License-Identifier: MPL-2.0
"""ucprov-capubd: the SOAP service, in every way that clients are known to ask; what is no request;
and the WSDL."""

import base64
import socket
import subprocess
import time
import xml.etree.ElementTree

import lxml.etree
import pytest

import certificates
import publisher
import soap_clients
from publisher import PATH, PATH_DR, REQUEST, SERVICE, SOAP, SOAP_MESSAGE, envelope, message

KINDS = ("http", "https", "legacy_https")
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
WSDL_SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with publisher.Publisher(tmp_path_factory.mktemp("soap")) as running:
        yield running
        running.end()


@pytest.fixture(scope="module")
def expected(server):
    """The answer that all others have to equal."""
    answer = server.exchange(SOAP_MESSAGE)
    made = publisher.authorities()
    assert publisher.chains_in(answer.body) == [publisher.fingerprints(made.issuing, made.root)]
    return answer.body


# The chain

@pytest.mark.parametrize("kind", KINDS)
def test_the_chain_is_the_one_configured(server, kind):
    made = publisher.authorities()
    assert server.fetch_chains(kind) == [publisher.fingerprints(made.issuing, made.root)]


def test_several_files_are_several_chains(tmp_path):
    made = publisher.authorities()
    files = [made.second.chain, made.root.certificate, made.issuing.certificate]
    with publisher.Publisher(tmp_path, {"chain": files}) as server:
        assert server.fetch_chains() == [publisher.fingerprints(made.second),
                                         publisher.fingerprints(made.issuing, made.root)]
        together = certificates.read_pkcs7(server.ask("/chain.p7b").body)
        assert sorted(together) == sorted(
            publisher.fingerprints(made.second, made.issuing, made.root))
        assert server.ask("/root.cer").body == made.second.der()
        assert server.ask("/root-2.cer").body == made.root.der()


def test_a_learned_template_is_served(tmp_path):
    template = (f'<e:Envelope xmlns:e="{SOAP}"><e:Body><GetRootCertChainsResponse '
                f'xmlns="{SERVICE}" ResponseClass="Success">\r\n{{{{#chains}}}}'
                '<CertChain note="as it came">{{pkcs7 64}}</CertChain>{{/chains}}'
                "</GetRootCertChainsResponse></e:Body></e:Envelope>")
    file = tmp_path / "response"
    file.write_bytes(template.encode())
    made = publisher.authorities()
    with publisher.Publisher(tmp_path, {"response_template": file}) as server:
        body = server.exchange(SOAP_MESSAGE).body
        assert b'\r\n<CertChain note="as it came">' in body
        text = xml.etree.ElementTree.fromstring(body).find(f".//{{{SERVICE}}}CertChain").text
        assert {len(line) for line in text.split("\n")[:-1]} == {64}
        der = certificates.read_pkcs7(base64.b64decode(text))
        assert der == publisher.fingerprints(made.issuing, made.root)


# How clients ask

@pytest.mark.parametrize("headers", [
    [("SOAPAction", f'"{SERVICE}GetRootCertChains"')],
    [("SOAPAction", f"{SERVICE}GetRootCertChains")],
    [("SOAPAction", '""')],
    [("SOAPAction", "")],
    [],
    [("Content-Type", "text/xml")],
    [("Content-Type", 'text/xml; charset="utf-8"')],
    [("Content-Type", "TEXT/XML;CHARSET=UTF-8")],
    [("Content-Type", "application/soap+xml; charset=utf-8")],
    [("Content-Type", "application/x-www-form-urlencoded")],
    [("Content-Type", "")],
    [("Accept-Encoding", "gzip, deflate"), ("User-Agent", "CPE/4.0.7577.4463 OCPhone/4.0")],
    [("Connection", "Keep-Alive"), ("Cache-Control", "no-cache")],
], ids=lambda headers: " ".join(": ".join(pair) for pair in headers) or "none")
def test_headers_make_no_difference(server, expected, headers):
    answer = server.ask(PATH, REQUEST, headers)
    assert (answer.status, answer.body) == (200, expected)
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize("path", [
    PATH.upper(), PATH.lower(), PATH_DR, PATH_DR.swapcase(), PATH + "?x=1",
    f"http://pool01.contoso.com{PATH}"])
def test_paths(server, expected, path):
    answer = server.ask(path, REQUEST)
    assert (answer.status, answer.body) == (200, expected)


@pytest.mark.parametrize("path", [PATH + "x", PATH + "/", PATH + "/mex", PATH[:-1], "/CertProv",
                                  PATH.replace("/", "//"), "/x" + PATH])
def test_no_such_service(server, path):
    assert server.ask(path, REQUEST).status in (404, 405)


@pytest.mark.parametrize("body", [
    b'<?xml version="1.0" encoding="utf-8"?>\r\n' + REQUEST,
    b"\xef\xbb\xbf" + REQUEST,
    ('<?xml version="1.0" encoding="utf-16"?>' + REQUEST.decode()).encode("utf-16"),
    REQUEST.replace(b"<s:", b"<SOAP-ENV:").replace(b"</s:", b"</SOAP-ENV:").replace(
        b"xmlns:s=", b"xmlns:SOAP-ENV="),
    envelope(f'<a:GetRootCertChains xmlns:a="{SERVICE}"></a:GetRootCertChains>'),
    envelope(f'<GetRootCertChains xmlns="{SERVICE}"><any><thing/></any></GetRootCertChains>'),
    envelope(f'<GetRootCertChains xmlns="{SERVICE}"/>',
             "<s:Header><trace>\N{SNOWMAN}</trace></s:Header>"),
], ids=["declaration", "BOM", "UTF-16", "prefix", "prefixed operation", "contents", "header"])
def test_ways_to_write_the_request(server, expected, body):
    assert server.ask(PATH, body).body == expected


def test_similar_requests_are_not_mistaken(server, expected):
    """Of one length, and one after the other on a connection."""
    other = REQUEST.replace(b"GetRootCertChains", b"GetRootCertChainz")
    with server.connect() as wire:
        for body, status in [(REQUEST, 200), (REQUEST, 200), (other, 500), (REQUEST, 200)] * 3:
            wire.send(message("POST", PATH, body))
            answer = wire.answer()
            assert answer.status == status and (answer.body == expected) == (status == 200)


def test_expect_continue_by_curl(server, expected, tmp_path):
    """curl waits a second for 100, unless it comes."""
    body = tmp_path / "request"
    body.write_bytes(REQUEST + b"\n" * 20000)
    begin = time.monotonic()
    done = subprocess.run(
        ["curl", "-sS", "-v", "--expect100-timeout", "8", "-H", "Expect: 100-continue", "-H",
         "Content-Type: text/xml", "--data-binary", f"@{body}",
         f"http://127.0.0.1:{server.ports['http']}{PATH}"],
        capture_output=True, timeout=30, check=True)
    assert done.stdout == expected
    assert b"100 Continue" in done.stderr
    assert time.monotonic() - begin < 6


@pytest.mark.parametrize("kind", KINDS)
def test_expect_continue(server, expected, kind):
    octets = message("POST", PATH, REQUEST, [("Expect", "100-continue")])
    head, end, body = octets.partition(b"\r\n\r\n")
    with server.connect(kind) as wire:
        wire.send(head + end)
        assert wire.until(b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
        wire.send(body)
        assert wire.answer().body == expected


def test_http_1_0_closes(server, expected):
    with server.connect() as wire:
        wire.send(message("POST", PATH, REQUEST, version="1.0", host=None))
        assert wire.answer().body == expected
        assert wire.rest() == b""


def test_http_1_0_keeps_alive_when_asked(server, expected):
    with server.connect() as wire:
        for _ in range(3):
            wire.send(message("POST", PATH, REQUEST, [("Connection", "keep-alive")], version="1.0"))
            answer = wire.answer()
            assert answer.body == expected
            assert answer.headers["Connection"].lower() == "keep-alive"


@pytest.mark.parametrize("kind", KINDS)
def test_keep_alive(server, expected, kind):
    with server.connect(kind) as wire:
        for _ in range(200):
            wire.send(SOAP_MESSAGE)
            assert wire.answer().body == expected


def test_connection_close(server, expected):
    with server.connect() as wire:
        wire.send(message("POST", PATH, REQUEST, [("Connection", "close")]))
        assert wire.answer().body == expected
        assert wire.rest() == b""


@pytest.mark.parametrize("kind", KINDS)
def test_pipelined(server, expected, kind):
    octets = (SOAP_MESSAGE + message("GET", "/healthz")) * 20
    with server.connect(kind) as wire:
        wire.send(octets)
        for _ in range(20):
            assert wire.answer().body == expected
            assert wire.answer().body == b"ok\n"


def test_octet_by_octet(server, expected):
    with server.connect() as wire:
        for octet in SOAP_MESSAGE:
            wire.send(bytes([octet]))
        assert wire.answer().body == expected


def test_chunked_request(server, expected):
    pieces = [REQUEST[i:i + 50] for i in range(0, len(REQUEST), 50)]
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    with server.connect() as wire:
        wire.send(message("POST", PATH, headers=[("Transfer-Encoding", "chunked"),
                                                 ("Content-Type", "text/xml")]) + chunked)
        assert wire.answer().body == expected
        wire.send(SOAP_MESSAGE)
        assert wire.answer().body == expected


@pytest.mark.parametrize("kind", KINDS)
def test_big_answers_to_slow_readers(tmp_path, kind):
    """In as many pieces as it takes, none of them lost, twice or out of order."""
    with publisher.Publisher(tmp_path, start=False) as server:
        numbers = " ".join(map(str, range(100000)))
        template = envelope(
            f'<GetRootCertChainsResponse xmlns="{SERVICE}" ResponseClass="Success"><!--{numbers}-->'
            "{{#chains}}<CertChain>{{pkcs7}}</CertChain>{{/chains}}</GetRootCertChainsResponse>")
        server.write(response_template=server.copy("response", template.decode()))
        server.start()
        body = server.exchange(SOAP_MESSAGE).body
        assert numbers.encode() in body
        client = server.plain(kind)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 17)
        if kind != "http":
            client = publisher.context_for(kind).wrap_socket(client,
                                                             server_hostname=publisher.HOST)
        with publisher.Wire(client) as wire:
            for _ in range(2):
                wire.send(SOAP_MESSAGE * 2 + message("GET", "/healthz"))
                time.sleep(0.2)
                assert wire.answer().body == body, "another body"
                assert wire.answer().body == body, "another body"
                assert wire.answer().body == b"ok\n"


# What is no request for the chain

def test_publishing_users_certificates_is_an_operation_error(server):
    answer = server.ask(PATH, envelope(f'<GetAndPublishCert xmlns="{SERVICE}" DeviceId="{{1}}">'
                                       "<Secret/></GetAndPublishCert>"))
    assert answer.status == 200
    response = xml.etree.ElementTree.fromstring(answer.body).find(
        f"{{{SOAP}}}Body/{{{SERVICE}}}GetAndPublishCertResponse")
    assert response.get("ResponseClass") == "Error"
    assert "registrar" in response.find(f"{{{SERVICE}}}ErrorInfo").text


SOAP_1_2 = REQUEST.replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope")
NOT_UNDERSTOOD = envelope(f'<GetRootCertChains xmlns="{SERVICE}"/>',
                          '<s:Header><x s:mustUnderstand="1"/></s:Header>')


@pytest.mark.parametrize("body, code", [
    (envelope(f'<GetEverything xmlns="{SERVICE}"/>'), "Client"),
    (envelope('<GetRootCertChains xmlns="http://example.com/"/>'), "Client"),
    (envelope("<GetRootCertChains/>"), "Client"),
    (envelope(""), "Client"),
    (SOAP_1_2, "VersionMismatch"),
    (NOT_UNDERSTOOD, "MustUnderstand"),
    (b"", "Client"),
    (b" ", "Client"),
    (b"\0" * 100, "Client"),
    (b"<", "Client"),
    (b"GetRootCertChains", "Client"),
    (b"{\"operation\": \"GetRootCertChains\"}", "Client"),
    (b"<html/>", "Client"),
    (REQUEST[:-1], "Client"),
    (REQUEST + REQUEST, "Client"),
    (REQUEST.replace(b"<s:Body>", b"<s:Body>\xff\xfe"), "Client"),
    (REQUEST.replace(b"/></s:Body>", b"/>" + b"<a>" * 10000 + b"</s:Body>"), "Client"),
    (envelope(f'<\u00c4"&amp; xmlns="{SERVICE}"/>'), "Client"),
    (envelope(f'<\u00c4{"x" * 3000} xmlns="{SERVICE}"/>'), "Client"),
], ids=range(19))
def test_what_is_no_request_gets_a_fault(server, expected, body, code):
    with server.connect() as wire:
        wire.send(message("POST", PATH, body))
        answer = wire.answer()
        assert answer.status == 500
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        document = xml.etree.ElementTree.fromstring(answer.body)
        fault = document.find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
        assert fault.find("faultcode").text == f"s:{code}"
        assert fault.find("faultstring").text
        wire.send(SOAP_MESSAGE)  # and the connection, and the parser, are as before
        assert wire.answer().body == expected


ENTITIES = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 20))
BOMBS = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "lol">{ENTITIES}]>'
                      + envelope("<x>&l19;</x>").decode(),
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 20000}">]>'
                 + envelope("<x>" + "&a;" * 10000 + "</x>").decode(),
    "external entity": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                       + envelope("<x>&a;</x>").decode(),
    "external subset": '<!DOCTYPE x SYSTEM "file:///etc/passwd">' + REQUEST.decode(),
    "parameter entity": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;]>'
                        + REQUEST.decode(),
    "empty DOCTYPE": "<!DOCTYPE x>" + REQUEST.decode(),
    "deep": "<a>" * 20000,
    "wide": envelope(f'<x {" ".join(f"a{i}=" + chr(34) * 2 for i in range(5000))}/>').decode(),
    "names": envelope(f'<{"n" * 60000}/>').decode(),
}


@pytest.mark.parametrize("name", BOMBS)
def test_xml_bombs_are_refused_at_once(server, name):
    octets = message("POST", PATH, BOMBS[name].encode())
    for _ in range(3):
        answer = server.exchange(octets)
        assert answer.status == 500 and b"Fault" in answer.body and b"root:" not in answer.body
        assert len(answer.body) < 2048
    before, begin = server.rss(), time.monotonic()
    with server.connect() as wire:
        for _ in range(50):
            wire.send(octets)
            assert wire.answer().status == 500
    assert time.monotonic() - begin < 5
    assert server.rss() < before + 2048


# The WSDL

def location(wsdl):
    document = lxml.etree.fromstring(wsdl)
    assert document.tag == WSDL + "definitions" and document.get("targetNamespace") == SERVICE
    names = {each.get("name") for each in document.iter(WSDL + "operation")}
    assert names == {"GetRootCertChains", "GetAndPublishCert"}
    [address] = document.iter(WSDL_SOAP + "address")
    return address.get("location")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["", "?wsdl", "?singleWsdl", "/mex", "/MEX"])
def test_wsdl(server, kind, suffix):
    answer = server.ask(PATH + suffix, kind=kind)
    assert answer.status == 200 and answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    scheme = "http" if kind == "http" else "https"
    assert location(answer.body) == f"{scheme}://{publisher.HOST}{PATH}"


@pytest.mark.parametrize("host, shown", [
    ("10.1.1.10:8080", "10.1.1.10:8080"),
    ("Pool01.contoso.com.", "Pool01.contoso.com."),
    (None, publisher.HOST),
    ("", publisher.HOST),
    ('"><script>alert(1)</script>', publisher.HOST),
    ("evil.example/path", publisher.HOST),
    ("user@evil.example", publisher.HOST),
    ("a:1:2", publisher.HOST),
    ("a:", publisher.HOST),
    ("a:123456", publisher.HOST),
    ("a\r\n <script>", publisher.HOST),  # a folded header
    ("a" * 300 + ":65535", publisher.HOST),
    ("\xff\xfe", publisher.HOST),
    ("&#x22;", publisher.HOST),
], ids=range(14))
def test_wsdl_repeats_the_host_only_when_it_is_one(server, host, shown):
    with server.connect() as wire:
        wire.send(message("GET", PATH + "?wsdl", host=host, version="1.0" if host is None
                          else "1.1"))
        answer = wire.answer()
        if answer.status == 400:  # libevent refused the header
            return
        assert answer.status == 200 and b"script" not in answer.body
        assert location(answer.body) == f"http://{shown}{PATH}"


def test_wsdl_of_another_pool(server):
    assert location(server.ask(PATH_DR + "?wsdl").body) == f"http://{publisher.HOST}{PATH_DR}"


@pytest.mark.parametrize("kind", ["zeep", "gsoap", "mono"])
def test_toolkits(server, tmp_path, kind):
    """They read the WSDL, and get the chain where that says."""
    url = f"http://127.0.0.1:{server.ports['http']}{PATH}?wsdl"
    if kind == "zeep":
        chains = soap_clients.zeep_chains(url)
    elif kind == "gsoap":
        chains = soap_clients.gsoap_chains(tmp_path, url)
    else:
        chains = soap_clients.mono_chains(tmp_path, url)
        if chains is None:
            pytest.skip("Mono's wsdl and mcs are not installed")
    made = publisher.authorities()
    assert [certificates.read_pkcs7(chain) for chain in chains] == [
        publisher.fingerprints(made.issuing, made.root)]
