/* SPDX-License-Identifier: MPL-2.0 */
/* Takes a URL apart into what a request needs. libcurl parses it; but what libcurl would mend, and
 * a phone could not use, is refused with the reason. */
#include "client/http_client.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Characters of a host name or an IPv4 address. Underscores are in some people's names. */
static const char host_characters[] = "abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789.-_";

static const char bad_host[] = "has no host name or IPv4 address of up to 255 characters";
static const char bad_port[] = "after the host, there is no port from 1 to 65535 and no path";
static const char bad_path[] = "the path has more than 1023 characters";

/* After "http://" or "https://"; NULL: the text begins with neither. */
static const char *
find_host(const char *text)
{
    return strncasecmp(text, "http://", strlen("http://")) == 0     ? text + strlen("http://")
           : strncasecmp(text, "https://", strlen("https://")) == 0 ? text + strlen("https://")
                                                                    : NULL;
}

/* Nothing escaped, bracketed or beyond ASCII in it. */
static bool
is_host(const char *host)
{
    size_t length = strspn(host, host_characters);
    return length > 0 && strchr(":/?", host[length]) != NULL; /* or the end */
}

/* What is sent as it is in the request line: no blank, nothing that is not ASCII. */
static bool
is_printable(const char *text)
{
    while (*text > ' ' && *text < 0x7f) {
        text++;
    }
    return *text == '\0';
}

/* Parses it. Returns what is wrong with it; NULL: nothing. */
static const char *
parse(CURLU *parsed, const char *text)
{
    const char *host = find_host(text);
    if (host == NULL) {
        return "not a URL that starts with http:// or https://";
    }
    CURLUcode code =
        curl_url_set(parsed, CURLUPART_URL, text, CURLU_PATH_AS_IS | CURLU_DISALLOW_USER);
    if (code == CURLUE_USER_NOT_ALLOWED || strchr(host, '#') != NULL) {
        return "a user or a fragment is of no use here";
    }
    if (!is_host(host)) {
        return bad_host;
    }
    if (code == CURLUE_BAD_PORT_NUMBER) {
        return bad_port;
    }
    if (!is_printable(host)) {
        return "blanks and characters beyond ASCII are written as %20 in a URL";
    }
    return code == CURLUE_OK ? NULL : curl_url_strerror(code);
}

/* Copies a part, after what announces it. False when it does not fit; one that is absent does. */
static bool
copy_part(char *to, size_t size, const char *announced, CURLU *parsed, CURLUPart part)
{
    char *text = NULL;
    bool fits = curl_url_get(parsed, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK ||
                snprintf(to, size, "%s%s", announced, text) < (int)size;
    curl_free(text);
    return fits;
}

/* Returns which part is wrong; NULL: none. */
static const char *
copy_parts(struct http_url *url, CURLU *parsed)
{
    char port[sizeof("65535")] = "";
    copy_part(url->scheme, sizeof(url->scheme), "", parsed, CURLUPART_SCHEME);
    copy_part(port, sizeof(port), "", parsed, CURLUPART_PORT);
    url->port = (in_port_t)strtoul(port, NULL, 10);
    if (url->port == 0) {
        return bad_port;
    }
    if (!copy_part(url->host, sizeof(url->host), "", parsed, CURLUPART_HOST)) {
        return bad_host;
    }
    if (!copy_part(url->target, sizeof(url->target), "", parsed, CURLUPART_PATH)) {
        return bad_path;
    }
    size_t length = strlen(url->target);
    return copy_part(url->target + length, sizeof(url->target) - length, "?", parsed,
                     CURLUPART_QUERY)
               ? NULL
               : bad_path;
}

const char *
http_url_read(struct http_url *url, const char *text)
{
    *url = (struct http_url){.port = 0};
    CURLU *parsed = curl_url();
    const char *fault = parsed == NULL ? "out of memory" : parse(parsed, text);
    if (fault == NULL) {
        fault = copy_parts(url, parsed);
    }
    curl_url_cleanup(parsed);
    return fault;
}

int
http_url_parse(struct http_url *url, const char *text, struct ucprov_problem *problem)
{
    const char *fault = http_url_read(url, text);
    return fault == NULL ? 0 : ucprov_problem_set(problem, "%s: %s", text, fault);
}
