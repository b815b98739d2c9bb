/* SPDX-License-Identifier: MPL-2.0 */
/* A table of the WinHTTP errors that phones have been seen to show, each with its cause and remedy;
 * and the reader of "0x2F0D/0" as people copy it off a screen. */
#include "certificate/phone_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/printable.h"
#include "option/name.h"

#define HEX_DIGITS_MAX     4
#define DECIMAL_DIGITS_MAX 3
#define QUOTE_SIZE         80

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

/* False: no status. */
static bool
read_status(const char *text, unsigned *error, unsigned *http)
{
    *http = 0;
    text = skip_blanks(text);
    if (strncasecmp(text, "0x", 2) == 0) {
        text += 2;
    }
    text = read_number(text, "0123456789abcdefABCDEF", HEX_DIGITS_MAX, 16, error);
    if (text == NULL) {
        return false;
    }
    text = skip_blanks(text);
    if (*text == '/') {
        text = read_number(skip_blanks(text + 1), "0123456789", DECIMAL_DIGITS_MAX, 10, http);
    }
    return text != NULL && *skip_blanks(text) == '\0';
}

int
ucprov_phone_status_parse(const char *text, unsigned *error, unsigned *http,
                          struct ucprov_problem *problem)
{
    if (read_status(text, error, http)) {
        return 0;
    }
    char quote[QUOTE_SIZE];
    return ucprov_problem_set(problem, "\"%s\": no phone's status; write it as 0x2F0D/0",
                              ucprov_escape(quote, sizeof(quote), text, strlen(text)));
}

char *
ucprov_phone_status_text(char text[UCPROV_PHONE_STATUS_SIZE], unsigned error, unsigned http)
{
    snprintf(text, UCPROV_PHONE_STATUS_SIZE, "0x%04X/%u", error & 0xffff, http % 1000);
    return text;
}
