/* SPDX-License-Identifier: MPL-2.0 */
/* Takes a URL apart into what a request needs. Strict on purpose: what a phone could not use is
 * refused with the reason, instead of being mended. */
#include "client/http_client.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define HTTP_PORT  80
#define HTTPS_PORT 443
#define PORT_MAX   65535

/* Characters of a host name or an IPv4 address. Underscores are in some people's names. */
static const char host_characters[] = "abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789.-_";

/* Reads "http://" or "https://"; returns what follows, or NULL. */
static const char *
read_scheme(struct http_url *url, const char *text)
{
    static const struct {
        const char *name;
        in_port_t port;
    } schemes[] = {{"http", HTTP_PORT}, {"https", HTTPS_PORT}};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t length = strlen(schemes[i].name);
        if (strncasecmp(text, schemes[i].name, length) == 0 &&
            strncmp(text + length, "://", 3) == 0) {
            memcpy(url->scheme, schemes[i].name, length + 1);
            url->port = schemes[i].port;
            return text + length + 3;
        }
    }
    return NULL;
}

/* Reads ":8080"; returns what follows, or NULL. RFC 3986 3.2.3 lets the digits be left out. */
static const char *
read_port(struct http_url *url, const char *text)
{
    if (*text != ':') {
        return text;
    }
    unsigned long port = 0;
    size_t digits = strspn(text + 1, "0123456789");
    for (size_t i = 1; i <= digits && port <= PORT_MAX; i++) {
        port = 10 * port + (unsigned long)(text[i] - '0');
    }
    if (port > PORT_MAX || (digits > 0 && port == 0)) {
        return NULL;
    }
    if (digits > 0) {
        url->port = (in_port_t)port;
    }
    return text + 1 + digits;
}

/* What is sent as it is in the request line: no blank, nothing that is not ASCII. */
static bool
is_target(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text <= ' ' || *text >= 0x7f) {
            return false;
        }
    }
    return true;
}

int
http_url_parse(struct http_url *url, const char *text, struct ucprov_problem *problem)
{
    *url = (struct http_url){.port = 0};
    const char *host = read_scheme(url, text);
    if (host == NULL) {
        return ucprov_problem_set(problem, "%s: not a URL that starts with http:// or https://",
                                  text);
    }
    size_t authority = strcspn(host, "/?#");
    if (memchr(host, '@', authority) != NULL || strchr(host, '#') != NULL) {
        return ucprov_problem_set(problem, "%s: a user or a fragment is of no use here", text);
    }
    size_t length = strspn(host, host_characters);
    if (length == 0 || length >= sizeof(url->host)) {
        return ucprov_problem_set(problem,
                                  "%s: has no host name or IPv4 address of up to %zu "
                                  "characters",
                                  text, sizeof(url->host) - 1);
    }
    memcpy(url->host, host, length);
    const char *target = read_port(url, host + length);
    if (target == NULL || (*target != '\0' && *target != '/' && *target != '?')) {
        return ucprov_problem_set(problem,
                                  "%s: behind the host, there is no port from 1 to 65535 "
                                  "and no path",
                                  text);
    }
    if (!is_target(target)) {
        return ucprov_problem_set(problem,
                                  "%s: blanks and characters beyond ASCII are written as "
                                  "%%20 in a URL",
                                  text);
    }
    int written =
        snprintf(url->target, sizeof(url->target), "%s%s", *target == '/' ? "" : "/", target);
    if (written >= (int)sizeof(url->target)) {
        return ucprov_problem_set(problem, "%s: the path has more than %zu characters", text,
                                  sizeof(url->target) - 1);
    }
    return 0;
}
