# SPDX-License-Identifier: MPL-2.0
"""ucprov-ca learn: templates of responses made here, by openssl (PKCS#7) and Python (base64), from
files in every shape that people save them in, and from servers."""

import base64
import datetime
import re
import socket
import ssl
import subprocess
import time
import xml.etree.ElementTree

import pytest

import certificates
from kea import BUILD
from servers import HttpServer

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = "http://schemas.microsoft.com/OCS/AuthWebServices/"
START = (f'<s:Envelope xmlns:s="{SOAP}"><s:Body><GetRootCertChainsResponse xmlns="{SERVICE}" '
         'ResponseClass="Success">')
END = "</GetRootCertChainsResponse></s:Body></s:Envelope>"


def run(*arguments, **options):
    return subprocess.run([BUILD / "ucprov-ca", "learn", *map(str, arguments)], timeout=60,
                          capture_output=True, check=False, **options)


class Site:
    """Two roots, one with an issuing CA, and one that has expired; made once."""

    def __init__(self, directory):
        self.root = certificates.Authority(directory, "Contoso Root CA")
        self.issuing = self.root.authority("Contoso <Issuing> CA 1")
        self.second = certificates.Authority(directory, "Fabrikam Root CA")
        now = datetime.datetime.now(datetime.timezone.utc)
        self.expired = certificates.Authority(
            directory, "Old Root CA", begin=now - 900 * certificates.DAY,
            end=now - 100 * certificates.DAY)
        self.chains = [[self.issuing, self.root], [self.second]]
        self.everything = [self.issuing, self.root, self.second]

    @staticmethod
    def pkcs7(*members):
        return certificates.pkcs7(*(member.certificate for member in members))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return Site(tmp_path_factory.mktemp("learn"))


def lines(der, columns=0, line_break="\n"):
    text = base64.b64encode(der).decode()
    if columns == 0:
        return text
    return line_break.join(text[i:i + columns] for i in range(0, len(text), columns))


def learn(directory, response, *arguments):
    """Learns from a file; returns the template, and what was said."""
    file = directory / "response"
    file.write_bytes(response if isinstance(response, bytes) else response.encode())
    done = run(file, *arguments)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode(), done.stderr.decode()


def refused(directory, response, status=1):
    file = directory / "response"
    file.write_bytes(response if isinstance(response, bytes) else response.encode())
    done = run(file)
    assert done.returncode == status, (done.stdout, done.stderr)
    assert done.stdout == b""
    return done.stderr.decode()


def test_one_pkcs7_becomes_one_placeholder(site, directory):
    before = START + "\r\n  <Whatever:Is xmlns:Whatever='urn:x' A='1'>"
    after = "</Whatever:Is>" + END
    template, said = learn(directory, before + lines(site.pkcs7(*site.everything)) + after)
    assert template == before + "{{pkcs7}}" + after
    assert "1 PKCS#7 in <Is>" in said
    assert "CN=Contoso Root CA" in said and "CN=Fabrikam Root CA" in said
    fingerprint = certificates.openssl("x509", "-in", site.root.certificate, "-noout",
                                       "-fingerprint", "-sha256").decode().strip()
    assert fingerprint.partition("=")[2] in said


def test_octet_for_octet_is_said_when_it_is_so(site, directory):
    _, said = learn(directory, START + "<C>" + lines(site.root.der()) + "</C>" + END)
    assert "gives back the response octet for octet" in said
    _, said = learn(directory, START + "<C>" + lines(site.pkcs7(site.second)) + "</C>" + END)
    assert "gives back the response" in said


@pytest.mark.parametrize("columns, line_break, placeholder", [
    (64, "\n", "{{pkcs7 64 lf}}"), (76, "\r\n", "{{pkcs7 76 crlf}}"),
    (64, "&#xD;\n", "{{pkcs7 64 &#xD;lf}}"), (64, "&#13;&#10;", "{{pkcs7 64 &#13;&#10;}}"),
    (60, "\n    ", "{{pkcs7 60 lfspspspsp}}"), (1, "\n", "{{pkcs7 1 lf}}"),
    (77, "\n\t", "{{pkcs7 77 lftab}}")])
def test_lines_are_kept(site, directory, columns, line_break, placeholder):
    body = lines(site.pkcs7(site.issuing, site.root), columns, line_break)
    template, _ = learn(directory, f"{START}<Chain>\n{body}\n</Chain>{END}")
    assert template == f"{START}<Chain>\n{placeholder}\n</Chain>{END}"


def test_irregular_lines_become_one(site, directory):
    body = lines(site.pkcs7(site.root), 64)
    template, said = learn(directory, f"{START}<Chain>{body[:30]}\n{body[30:]}</Chain>{END}")
    assert template == f"{START}<Chain>{{{{pkcs7}}}}</Chain>{END}"
    assert "encoding of our own" in said


def test_a_comment_and_cdata_in_the_text(site, directory):
    body = lines(site.pkcs7(site.root))
    template, _ = learn(directory, f"{START}<C>{body[:40]}<!-- x -->{body[40:]}</C>{END}")
    assert template == f"{START}<C>{{{{pkcs7}}}}</C>{END}"
    template, _ = learn(directory, f"{START}<C><![CDATA[{body}]]></C>{END}")
    assert template == f"{START}<C><![CDATA[{{{{pkcs7}}}}]]></C>{END}"


def test_a_pkcs7_for_each_chain_becomes_a_section(site, directory):
    elements = "".join(f"<Chain><Data>{lines(site.pkcs7(*chain))}</Data></Chain>"
                       for chain in site.chains)
    template, said = learn(directory, f"{START}<Chains>{elements}</Chains>{END}")
    assert template == (f"{START}<Chains>{{{{#chains}}}}<Chain><Data>{{{{pkcs7}}}}</Data></Chain>"
                        f"{{{{/chains}}}}</Chains>{END}")
    assert "2 PKCS#7 in <Data>" in said


def test_indented_elements(site, directory):
    elements = "".join(f"\n  <Chain>{lines(site.pkcs7(*chain))}</Chain>" for chain in site.chains)
    template, _ = learn(directory, f"{START}{elements}\n{END}")
    assert template == (f"{START}\n{{{{#chains}}}}  <Chain>{{{{pkcs7}}}}</Chain>\n"
                        f"{{{{/chains}}}}{END}")


def test_single_certificates_become_a_section(site, directory):
    elements = "".join(f'<C v="{lines(member.der())}"/>' for member in site.everything)
    template, said = learn(directory, START + elements + END)
    assert template == (START + '{{#certificates}}<C v="{{certificate}}"/>{{/certificates}}' + END)
    assert "3 certificates in <C>" in said and "octet for octet" in said


def test_one_certificate_alone(site, directory):
    template, _ = learn(directory, f"{START}<A><C>{lines(site.root.der())}</C></A>{END}")
    assert template == (f"{START}<A>{{{{#certificates}}}}<C>{{{{certificate}}}}</C>"
                        f"{{{{/certificates}}}}</A>{END}")


def test_certificates_in_chains_become_sections_in_sections(site, directory):
    elements = "".join("<Chain>" + "".join(f"<C>{lines(member.der())}</C>" for member in chain) +
                       "</Chain>" for chain in site.chains)
    template, _ = learn(directory, START + elements + END)
    assert template == (START + "{{#chains}}<Chain>{{#certificates}}<C>{{certificate}}</C>"
                        "{{/certificates}}</Chain>{{/chains}}" + END)


def test_another_order_is_told(site, directory):
    elements = "".join(f"<C>{lines(member.der())}</C>" for member in (site.root, site.issuing))
    _, said = learn(directory, START + elements + END)
    assert "in another order" in said


def test_braces_are_escaped(site, directory):
    noise = "<Note>{{pkcs7}} and {{#chains}} {{{ }}</Note>"
    template, said = learn(directory, f"{START}{noise}<C>{lines(site.second.der())}</C>{END}")
    assert "<Note>{{braces}}pkcs7}} and {{braces}}#chains}} {{braces}}{ }}</Note>" in template
    assert "octet for octet" in said


def test_an_expired_chain_is_a_warning(site, directory):
    template, said = learn(directory, f"{START}<C>{lines(site.pkcs7(site.expired))}</C>{END}")
    assert "{{pkcs7}}" in template
    assert "warning" in said and "Old Root CA" in said


def test_what_is_refused(site, directory):
    body = lines(site.pkcs7(site.root))
    single = lines(site.root.der())
    assert "no certificates" in refused(directory, START + END)
    assert "UTF-16" in refused(directory, f"{START}<C>{body}</C>{END}".encode("utf-16"))
    assert "document type" in refused(directory, f"<!DOCTYPE x>{START}<C>{body}</C>{END}")
    mixed = f"{START}<C>{body}</C><D>{single}</D>{END}"
    assert "PKCS#7 and single certificates" in refused(directory, mixed)
    numbered = "".join(f'<C n="{i}">{lines(site.pkcs7(*chain))}</C>'
                       for i, chain in enumerate(site.chains))
    assert "by hand" in refused(directory, START + numbered + END)
    refused(directory, f"{START}<C>{body}</C>")  # cut
    refused(directory, "")
    # An issuing CA without its root is no chain.
    alone = lines(site.pkcs7(site.issuing))
    assert "no root" in refused(directory, f"{START}<C>{alone}</C>{END}")


def test_wide_gaps_take_no_time(site, directory):
    """A server may put megabytes of blanks between two chains."""
    elements = (" " * 500000).join(f"<C>{lines(site.pkcs7(*chain))}</C>" for chain in site.chains)
    started = time.monotonic()
    assert "cannot be repeated" in refused(directory, f"{START}{elements}{END}")
    assert time.monotonic() - started < 5


def test_an_error_in_the_response_is_shown_escaped(directory):
    fault = (f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode>s:Server</faultcode>'
             "<faultstring>Not \u202etoday\x85\nplease</faultstring></s:Fault></s:Body>"
             "</s:Envelope>")
    said = refused(directory, fault)
    assert "the response is an error" in said and "Not " in said and "please" in said
    assert "\u202e" not in said and "\x85" not in said and said.count("\n") == 1
    error = START.replace("Success", "Error") + '<ErrorInfo Code="7"><T>nope</T></ErrorInfo>' + END
    said = refused(directory, error)
    assert "Code=7" in said and "nope" in said


# Files as people save them

def message(body, headers="Content-Type: text/xml\r\n", status="200 OK"):
    return (f"HTTP/1.1 {status}\r\n{headers}\r\n").encode() + body


def chunked(body, sizes):
    out, at = b"", 0
    for size in [*sizes, len(body)]:
        piece = body[at:at + size]
        if piece:
            out += b"%x;ext=1\r\n" % len(piece) + piece + b"\r\n"
        at += size
    return out + b"0\r\n\r\n"


def test_headers_and_chunks_are_cut_off(site, directory):
    body = f"{START}<C>{lines(site.pkcs7(site.root))}</C>{END}".encode()
    expected, _ = learn(directory, body)
    length = f"Content-Length: {len(body)}\r\n"
    request = (b"POST /CertProv HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n"
               b"<s:Envelope></s:Env>")
    unauthorized = message(b"no", "Content-Length: 2\r\n", "401 Unauthorized")
    saved = {
        "headers": message(body),
        "length": message(body, length) + b"HTTP/1.1 404 Not Found\r\n\r\n",
        "line feeds": message(body, length).replace(b"\r\n", b"\n"),
        "chunks": message(chunked(body, [1, 7, 300]), "transfer-encoding: Chunked\r\n"),
        "stream": request + unauthorized + request + message(body, length) + request,
        "stream of chunks": request + message(chunked(body, [99]),
                                              "Transfer-Encoding: chunked\r\n") + request,
    }
    for name, octets in saved.items():
        template, _ = learn(directory, octets)
        assert template == expected, name


def test_damaged_messages_are_refused(site, directory):
    body = f"{START}<C>{lines(site.pkcs7(site.root))}</C>{END}".encode()
    assert "cut" in refused(directory, message(body, f"Content-Length: {len(body) + 1}\r\n"), 2)
    for octets in (b"5\r\nab", b"zz\r\n", b"-1\r\nabc", b"ffffffffffffffffff\r\nabc", b""):
        refused(directory, message(octets, "Transfer-Encoding: chunked\r\n"), 2)
    assert "compressed" in refused(directory, message(body, "Content-Encoding: gzip\r\n"), 2)
    refused(directory, b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n", 2)
    said = refused(directory, message(b"<html>no</p>", "", "404 Not Found"))
    assert "HTTP 404" in said


def test_every_truncation_ends_in_order(site, directory):
    octets = message(f"{START}<C>{lines(site.second.der(), 64)}</C>{END}".encode())
    file = directory / "cut"
    for length in [*range(0, 120), *range(120, len(octets), 97), len(octets) - 1]:
        file.write_bytes(octets[:length])
        done = run(file)
        assert done.returncode in (1, 2) and done.stderr.startswith(b"ucprov-ca: "), length


# Output

def test_output_is_a_new_file(site, directory):
    body = f"{START}<C>{lines(site.pkcs7(site.root))}</C>{END}"
    expected, _ = learn(directory, body)
    output = directory / "lync.template"
    done = run(directory / "response", "-o", output)
    assert done.returncode == 0 and done.stderr == b""
    assert output.read_text() == expected
    assert f'response_template = "{output.resolve()}"'.encode() in done.stdout
    done = run(directory / "response", "-o", output)
    assert done.returncode == 1 and b"left as it is" in done.stderr
    assert output.read_text() == expected
    (directory / "link").symlink_to(directory / "elsewhere")
    assert run(directory / "response", "-o", directory / "link").returncode == 1
    assert not (directory / "elsewhere").exists()
    assert run(directory / "response", "-o", directory / "no" / "such").returncode == 2


def test_usage(directory):
    assert run("--help").returncode == 0
    assert run().returncode == 2
    assert run(directory / "missing").returncode == 2
    assert run(directory).returncode == 2
    assert run("a", "b").returncode == 2
    assert run("http://x/", "--host", "a b").returncode == 2
    for url in ("http://", "http://x:0/", "http://u@x/", "https://x/#y", "http://x/\u00e9"):
        assert run(url).returncode == 2


# From a server

def serve(body, status=200, context=None, headers=()):
    """A server with this one answer."""
    return HttpServer(lambda request: (status, body, headers), context=context)


def genuine(site):
    return f"{START}<C>{lines(site.pkcs7(*site.everything), 76)}</C>{END}".encode()


def test_asks_as_a_phone_asks(site):
    with serve(genuine(site)) as server:
        done = run(f"http://127.0.0.1:{server.port}/CertProv/Service.svc?x=1",
                   "--host", "pool01.contoso.com")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == f"{START}<C>{{{{pkcs7 76 lf}}}}</C>{END}"
    assert b"Nothing vouches for that server" in done.stderr
    [(_, path, headers, body)] = server.asked
    assert path == "/CertProv/Service.svc?x=1"
    assert headers["Host"] == "pool01.contoso.com"
    assert headers["SOAPAction"] == f'"{SERVICE}GetRootCertChains"'
    assert headers["Content-Type"] == "text/xml; charset=utf-8"
    envelope = xml.etree.ElementTree.fromstring(body)
    assert envelope.tag == f"{{{SOAP}}}Envelope"
    assert envelope[0].tag == f"{{{SOAP}}}Body"
    assert [child.tag for child in envelope[0]] == [f"{{{SERVICE}}}GetRootCertChains"]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_2", "TLSv1_3"])
def test_over_tls_with_any_certificate(site, version):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    context.load_cert_chain(site.second.certificate, site.second.key)
    names = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with serve(genuine(site), context=context) as server:
        done = run(f"https://127.0.0.1:{server.port}/", "--host", "pool01.contoso.com")
    assert done.returncode == 0, done.stderr
    assert names[-1] == (None if version == "TLSv1" else "pool01.contoso.com")


def test_servers_that_do_not_help(site):
    fault = (f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode>s:Client</faultcode>'
             "<faultstring>no way</faultstring></s:Fault></s:Body></s:Envelope>").encode()
    with serve(fault, 500) as server:
        done = run(f"http://127.0.0.1:{server.port}/")
        assert done.returncode == 1 and b"no way" in done.stderr and b"HTTP 500" in done.stderr
    with serve(b"", 302, headers=[("Location", "http://127.0.0.1:1/")]) as server:
        done = run(f"http://127.0.0.1:{server.port}/")
        assert done.returncode == 1 and b"HTTP 302" in done.stderr
        assert len(server.asked) == 1
    with serve(b" " * ((4 << 20) + 1)) as server:
        done = run(f"http://127.0.0.1:{server.port}/")
        assert done.returncode == 2 and b"longer" in done.stderr
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        done = run(f"http://127.0.0.1:{closed.getsockname()[1]}/")
        assert done.returncode == 2, done.stderr
    with serve(genuine(site)) as server:  # speaks no TLS
        done = run(f"https://127.0.0.1:{server.port}/")
        assert done.returncode == 2 and re.search(rb"ucprov-ca: https://\S+ \w", done.stderr)
