/* SPDX-License-Identifier: MPL-2.0 */
/* A table of the errors of winhttp.h, each with its cause and remedy, and whether a phone has been
 * seen to show it; and the reader of "0x2F0D/0" as people copy it off a screen or out of a log. */
#include "certificate/phone_status.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "option/name.h"

#define HRESULT_WIN32      0x8007U /* the upper half of an HRESULT: a Windows error, */
#define HRESULT_HTTP       0x8019U /* or an HTTP status, in the lower half */
#define DECIMAL_DIGITS_MAX 3
#define HTTP_STATUS_MAX    999

/* Of the errors that are only known from winhttp.h. */
static const char remedy_power[] = "It is the fault of neither network nor server. Restart the "
                                   "phone; if it stays, reset it or give it other firmware.";
static const char remedy_url[] = "Look at the URLs of the update service in the topology, and at "
                                 "option 43 (ucprov-options --decode).";
static const char remedy_auth[] = "Phones ask anonymously before sign-in: is Windows "
                                  "Authentication left on for /RequestHandler in IIS?";
static const char remedy_again[] = "The phone tries again by itself. If it stays, restart it.";
static const char remedy_connection[] =
    "Lync Phone Edition speaks TLS 1.0 only, and a server that does not may just close the "
    "connection; so may a firewall or a load balancer.";
static const char remedy_client[] = "Phones have none before sign-in: set \"Client certificates\" "
                                    "to \"Ignore\" in the SSL Settings of IIS for /RequestHandler.";
static const char remedy_crl[] =
    "Let the phones reach the CRL of the CA over plain HTTP, or issue a certificate without one.";
static const char remedy_answer[] =
    "Is there a web server of another kind, a proxy, or something else than HTTP at that port?";
static const char remedy_redirect[] =
    "Leave /RequestHandler and the certificate service out of redirects.";
static const char remedy_proxy[] = "Let the phones reach the server without a proxy: look at "
                                   "option 252 and at the name wpad in DNS.";
static const char remedy_cert[] = "Look at it with ucprov-ca check.";
static const char remedy_revoked[] = "Issue a new one (ucprov-ca issue).";
static const char remedy_usage[] =
    "Issue one with the extended key usage serverAuth (ucprov-ca issue).";
static const char remedy_signin[] = "Sign the phone out and in again, so that it gets a new one.";
static const char misuse[] = "The phone's software made a mistake in its use of WinHTTP.";

static const struct ucprov_phone_error_text errors[] = {
    {UCPROV_PHONE_TIMEOUT, true, "ERROR_WINHTTP_TIMEOUT", "The server did not answer in time.",
     "Look for a firewall between the voice VLAN and the server, and whether the address that the "
     "name has is the server's."},
    {UCPROV_PHONE_NAME_NOT_RESOLVED, false, "ERROR_WINHTTP_NAME_NOT_RESOLVED",
     "DNS has no address for the name.",
     "Publish A records of " UCPROV_UPDATE_NAME " in every domain that options 15 and 119 hand out "
     "(ucprov-zone), and give phones a name server (option 6) that knows them."},
    {UCPROV_PHONE_CANNOT_CONNECT, false, "ERROR_WINHTTP_CANNOT_CONNECT",
     "The server refused the connection, or cannot be reached.",
     "Is the service running, is it listening on that port (443), and does a firewall let the "
     "voice VLAN in?"},
    {UCPROV_PHONE_CERTIFICATE_DATE, false, "ERROR_WINHTTP_SECURE_CERT_DATE_INVALID",
     "A certificate has expired or is not valid yet, by the phone's clock.",
     "Renew the certificate; or else give phones the time: option 42, or SRV _ntp._udp in the SIP "
     "domain."},
    {UCPROV_PHONE_CERTIFICATE_NAME, false, "ERROR_WINHTTP_SECURE_CERT_CN_INVALID",
     "The server's certificate is not for the name that the phone asked for.",
     "Issue one that has the short name " UCPROV_UPDATE_NAME " and " UCPROV_UPDATE_NAME
     " in each domain as "
     "subjectAltNames, and no wildcard (ucprov-ca issue)."},
    {UCPROV_PHONE_UNTRUSTED_CA, true, "ERROR_WINHTTP_SECURE_INVALID_CA",
     "The phone does not trust the CA of the server's certificate.",
     "A new phone shows this until somebody starts a PIN sign-in, which makes it fetch the root "
     "chain. If it stays, the chain that phones are given is not that of the server."},
    {UCPROV_PHONE_SECURE_CHANNEL, false, "ERROR_WINHTTP_SECURE_CHANNEL_ERROR",
     "No TLS connection came about: no common version or cipher suite, or a failed handshake.",
     "Lync Phone Edition speaks TLS 1.0 only: does the server offer that, with suites that the "
     "phone knows?"},
    {UCPROV_PHONE_SECURE_FAILURE, false, "ERROR_WINHTTP_SECURE_FAILURE",
     "Something is wrong with the server's certificate; the status does not say what.",
     "Look at it with ucprov-ca check."},
    {12001, false, "ERROR_WINHTTP_OUT_OF_HANDLES",
     "The phone has no handle left for the connection.", remedy_power},
    {12004, false, "ERROR_WINHTTP_INTERNAL_ERROR", "Something failed inside the phone.",
     remedy_power},
    {12005, false, "ERROR_WINHTTP_INVALID_URL", "The URL that the phone was given is none.",
     remedy_url},
    {12006, false, "ERROR_WINHTTP_UNRECOGNIZED_SCHEME",
     "The URL that the phone was given begins with neither http: nor https:.", remedy_url},
    {12009, false, "ERROR_WINHTTP_INVALID_OPTION", misuse, remedy_power},
    {12011, false, "ERROR_WINHTTP_OPTION_NOT_SETTABLE", misuse, remedy_power},
    {12012, false, "ERROR_WINHTTP_SHUTDOWN", "The phone was shutting its connections down.",
     remedy_power},
    {12015, false, "ERROR_WINHTTP_LOGIN_FAILURE",
     "The server did not take the user name and the password.", remedy_auth},
    {12017, false, "ERROR_WINHTTP_OPERATION_CANCELLED", "The phone gave the request up.",
     remedy_again},
    {12018, false, "ERROR_WINHTTP_INCORRECT_HANDLE_TYPE", misuse, remedy_power},
    {12019, false, "ERROR_WINHTTP_INCORRECT_HANDLE_STATE", misuse, remedy_power},
    {12030, false, "ERROR_WINHTTP_CONNECTION_ERROR",
     "The connection was closed or reset, or no protocol version is common.", remedy_connection},
    {12032, false, "ERROR_WINHTTP_RESEND_REQUEST", "The request has to be sent again.",
     remedy_again},
    {12044, false, "ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED",
     "The server demands a client certificate.", remedy_client},
    {12057, false, "ERROR_WINHTTP_SECURE_CERT_REV_FAILED",
     "Whether a certificate is revoked could not be looked up.", remedy_crl},
    {12100, false, "ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN", misuse, remedy_power},
    {12101, false, "ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND", misuse, remedy_power},
    {12102, false, "ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND", misuse, remedy_power},
    {12103, false, "ERROR_WINHTTP_CANNOT_CALL_AFTER_OPEN", misuse, remedy_power},
    {12150, false, "ERROR_WINHTTP_HEADER_NOT_FOUND",
     "A header that the phone needs is missing in the answer.", remedy_answer},
    {12152, false, "ERROR_WINHTTP_INVALID_SERVER_RESPONSE",
     "The answer is no HTTP that the phone can read.", remedy_answer},
    {12153, false, "ERROR_WINHTTP_INVALID_HEADER", "A header of the answer is not valid.",
     remedy_answer},
    {12154, false, "ERROR_WINHTTP_INVALID_QUERY_REQUEST", misuse, remedy_power},
    {12155, false, "ERROR_WINHTTP_HEADER_ALREADY_EXISTS", misuse, remedy_power},
    {12156, false, "ERROR_WINHTTP_REDIRECT_FAILED",
     "The server redirects the phone, and that failed.", remedy_redirect},
    {12166, false, "ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT",
     "The proxy script (PAC file) has an error.", remedy_proxy},
    {12167, false, "ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT",
     "The proxy script (PAC file) could not be fetched.", remedy_proxy},
    {12169, false, "ERROR_WINHTTP_SECURE_INVALID_CERT", "The certificate is not valid.",
     remedy_cert},
    {12170, false, "ERROR_WINHTTP_SECURE_CERT_REVOKED", "The certificate has been revoked.",
     remedy_revoked},
    {12172, false, "ERROR_WINHTTP_NOT_INITIALIZED", misuse, remedy_power},
    {12176, false, "ERROR_WINHTTP_UNHANDLED_SCRIPT_TYPE",
     "The proxy script (PAC file) is of a kind that is not known.", remedy_proxy},
    {12177, false, "ERROR_WINHTTP_SCRIPT_EXECUTION_ERROR", "The proxy script (PAC file) failed.",
     remedy_proxy},
    {12178, false, "ERROR_WINHTTP_AUTO_PROXY_SERVICE_ERROR", "No proxy was found for the URL.",
     remedy_proxy},
    {12179, false, "ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE", "The certificate is not for a server.",
     remedy_usage},
    {12180, false, "ERROR_WINHTTP_AUTODETECTION_FAILED", "No proxy script (PAC file) was found.",
     remedy_proxy},
    {12181, false, "ERROR_WINHTTP_HEADER_COUNT_EXCEEDED",
     "The answer has more headers than the phone takes.", remedy_answer},
    {12182, false, "ERROR_WINHTTP_HEADER_SIZE_OVERFLOW",
     "The headers of the answer are larger than the phone takes.", remedy_answer},
    {12183, false, "ERROR_WINHTTP_CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW",
     "A chunk of the answer has a header larger than the phone takes.", remedy_answer},
    {12184, false, "ERROR_WINHTTP_RESPONSE_DRAIN_OVERFLOW",
     "The answer is larger than the phone takes.", remedy_answer},
    {12185, false, "ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY",
     "The phone's own certificate has no private key.", remedy_signin},
    {12186, false, "ERROR_WINHTTP_CLIENT_CERT_NO_ACCESS_PRIVATE_KEY",
     "The phone cannot use its own certificate's private key.", remedy_signin},
    {12187, false, "ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED_PROXY",
     "The proxy demands a client certificate.", remedy_proxy},
    {12188, false, "ERROR_WINHTTP_SECURE_FAILURE_PROXY",
     "Something is wrong with the proxy's certificate.", remedy_proxy},
    {12189, false, "ERROR_WINHTTP_RESERVED_189", misuse, remedy_power},
    {12190, false, "ERROR_WINHTTP_HTTP_PROTOCOL_MISMATCH",
     "Phone and server have no version of HTTP in common.", remedy_answer},
    {12191, false, "ERROR_WINHTTP_GLOBAL_CALLBACK_FAILED", misuse, remedy_power},
    {12192, false, "ERROR_WINHTTP_FEATURE_DISABLED", misuse, remedy_power},
    {12193, false, "ERROR_WINHTTP_FAST_FORWARDING_NOT_SUPPORTED", misuse, remedy_power},
};

const struct ucprov_phone_error_text *
ucprov_phone_error_find(unsigned code)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (errors[i].code == code) {
            return &errors[i];
        }
    }
    return NULL;
}

/* Published as what phones showed; what it means is inferred but for Exchange's. */
static const struct ucprov_phone_sentence sentences[] = {
    {"An account matching this phone cannot be found",
     "PIN sign-in did not find an account for the number or extension (inferred).",
     "Check the number as it is typed against the account's line URI, whether a PIN is set "
     "(Get-CsClientPinInfo), and whether PIN authentication is on (Get-CsWebServiceConfiguration). "
     "Check also that options 43 and 120 name the pool that has the account (ucprov-probe)."},
    {"Connection to Microsoft Exchange is unavailable",
     "The phone got no calendar or voice mail: it does not trust the CA of Exchange's certificate, "
     "or "
     "it was signed in with a PIN, which Exchange does not take.",
     "Have Exchange's certificate signed by the CA that phones trust; for a user's calendar sign "
     "in by "
     "USB from a computer."},
};

const struct ucprov_phone_sentence *
ucprov_phone_sentence_find(const char *text)
{
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        if (strcasestr(text, sentences[i].text) != NULL) {
            return &sentences[i];
        }
    }
    return NULL;
}

/* Reads up to `max` digits. Returns what is behind them, or NULL: none, or more. */
static const char *
read_number(const char *text, const char *digits, size_t max, int base, unsigned *number)
{
    size_t length = strspn(text, digits);
    if (length == 0 || length > max) {
        return NULL;
    }
    *number = (unsigned)strtoul(text, NULL, base);
    return text + length;
}

static const char *
skip_blanks(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* An error as it may be written, in 32 bits: 0x2F0D, 2F0D, 0x80072F0D, 80072F0D, 12045, 2147954445,
 * -2147012851. Returns what is behind it, or NULL. */
static const char *
read_error(const char *text, uint32_t *error)
{
    static const char hex[] = "0123456789abcdefABCDEF", decimal[] = "0123456789";
    bool prefixed = strncasecmp(text, "0x", 2) == 0;
    bool negative = text[0] == '-';
    const char *digits = text + (prefixed ? 2 : negative ? 1 : 0);
    size_t length = strspn(digits, hex);
    bool is_decimal =
        strspn(digits, decimal) == length && !prefixed && (negative || length == 5 || length == 10);
    if (length == 0 || length > 10 || (negative && !is_decimal) ||
        (!is_decimal && !prefixed && length > 4 && length != 8)) {
        return NULL;
    }
    uint64_t number = strtoull(digits, NULL, is_decimal ? 10 : 16);
    if (number > UINT32_MAX || (negative && number > UINT64_C(1) << 31)) {
        return NULL;
    }
    *error = negative ? (uint32_t)(UINT64_C(0x100000000) - number) : (uint32_t)number;
    return digits + length;
}

/* False: no status. */
static bool
read_status(const char *text, unsigned *error, unsigned *http)
{
    uint32_t number;
    *http = 0;
    text = read_error(skip_blanks(text), &number);
    if (text == NULL) {
        return false;
    }
    text = skip_blanks(text);
    bool has_http = *text == '/';
    if (has_http) {
        text = read_number(skip_blanks(text + 1), "0123456789", DECIMAL_DIGITS_MAX, 10, http);
    }
    if (text == NULL || *skip_blanks(text) != '\0') {
        return false;
    }
    *error = number & 0xffff;
    if (number >> 16 == HRESULT_HTTP && !has_http && *error <= HTTP_STATUS_MAX) {
        *http = *error;
        *error = 0;
        return true;
    }
    return number >> 16 == 0 || number >> 16 == HRESULT_WIN32;
}

int
ucprov_phone_status_parse(const char *text, unsigned *error, unsigned *http,
                          struct ucprov_problem *problem)
{
    if (read_status(text, error, http)) {
        return 0;
    }
    return ucprov_problem_set(problem, "no phone's status; write it as 0x2F0D/0");
}

char *
ucprov_phone_status_text(char text[UCPROV_PHONE_STATUS_SIZE], unsigned error, unsigned http)
{
    snprintf(text, UCPROV_PHONE_STATUS_SIZE, "0x%04X/%u", error & 0xffff, http % 1000);
    return text;
}
