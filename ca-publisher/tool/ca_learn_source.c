/* SPDX-License-Identifier: MPL-2.0 */
/* Where a response comes from: a server, or a file that somebody saved. */
#include <errno.h>
#include <netdb.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/file.h"
#include "client/http_client.h"
#include "tool/ca_learn.h"

#define TIMEOUT          10000              /* milliseconds; somebody is waiting */
#define FILE_MAX         ((size_t)16 << 20) /* a saved stream has more than the response */
#define HTTP_OK          200
#define STATUS_LINE_SIZE 13 /* "HTTP/1.1 200 " */

/* From a server */

static int
resolve(struct sockaddr_in *server, const struct http_url *url, struct ucprov_problem *problem)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    int error = getaddrinfo(url->host, NULL, &hints, &found);
    if (error != 0) {
        return ucprov_problem_set(problem, "%s: %s", url->host, gai_strerror(error));
    }
    memcpy(server, found->ai_addr, sizeof(*server));
    freeaddrinfo(found);
    server->sin_port = htons(url->port);
    return 0;
}

/* What goes into Host, and whether it is a name that SNI may have (RFC 6066 section 3: no address).
 */
static void
name_server(char host[300], struct tls_profile *profile, const struct http_url *url,
            const char *wanted)
{
    in_port_t usual = strcmp(url->scheme, "https") == 0 ? 443 : 80;
    const char *name = wanted == NULL ? url->host : wanted;
    if (url->port == usual || wanted != NULL) {
        snprintf(host, 300, "%s", name);
    } else {
        snprintf(host, 300, "%s:%u", name, url->port);
    }
    bool is_address = strspn(name, "0123456789.") == strlen(name);
    profile->server_name = is_address || strchr(name, ':') != NULL ? NULL : name;
}

static void
fetch(struct http_answer *answer, struct http_request *request, const struct http_url *url,
      struct tls_profile *modern)
{
    if (strcmp(url->scheme, "https") != 0) {
        http_fetch(answer, request);
        return;
    }
    request->tls = modern;
    http_fetch(answer, request);
    if (answer->outcome == TLS_FAILED && answer->tls.outcome == TLS_FAILED) {
        http_answer_clear(answer); /* a server of the phones' days may speak as they do */
        request->tls = &tls_profile_phone;
        http_fetch(answer, request);
    }
}

int
learn_response_fetch(struct learn_response *response, const char *text, const char *host,
                     struct ucprov_problem *problem)
{
    char host_header[300];
    struct http_url url;
    struct tls_profile modern = tls_profile_modern;
    struct http_request request = {
        .content_type = "text/xml; charset=utf-8",
        .soap_action = ucprov_get_root_cert_chains_action,
        .body = ucprov_get_root_cert_chains,
        .timeout = TIMEOUT,
        .body_max = UCPROV_DOCUMENT_MAX,
    };
    *response = (struct learn_response){.octets = NULL};
    if (http_url_parse(&url, text, problem) != 0 || resolve(&request.server, &url, problem) != 0) {
        return -1;
    }
    name_server(host_header, &modern, &url, host);
    request.host = host_header;
    request.target = url.target;
    struct http_answer answer;
    fetch(&answer, &request, &url, &modern);
    int status = 0;
    if (answer.outcome == TLS_FINE) {
        response->octets = answer.body;
        response->length = answer.body_length;
        response->status = answer.status;
        answer.body = NULL;
    } else {
        status = ucprov_problem_set(problem, "%s: %s", text, answer.error);
    }
    http_answer_clear(&answer);
    return status;
}

/* Out of a file */

struct span {
    const char *start;
    const char *end;
};

static int
refuse_source(struct ucprov_problem *problem, const char *file, const char *what)
{
    return ucprov_problem_set(problem, "%s: %s", file, what);
}

/* The status of a status line (RFC 9112 section 4); 0: it is none. */
static int
status_of(struct span text)
{
    const char *at = text.start;
    if (text.end - at < STATUS_LINE_SIZE || strncmp(at, "HTTP/1.", 7) != 0 || at[8] != ' ' ||
        strspn(at + 9, "0123456789") != 3 || (at[12] != ' ' && at[12] != '\r' && at[12] != '\n')) {
        return 0;
    }
    return atoi(at + 9);
}

/* The last response with status 200, else the last one; NULL: none. In a stream, one may follow
 * right behind a request's body. */
static const char *
find_status_line(struct span text)
{
    const char *found = NULL;
    const char *at = text.start;
    while (at != NULL && (at = memmem(at, (size_t)(text.end - at), "HTTP/1.", 7)) != NULL) {
        int status = status_of((struct span){at, text.end});
        if (status == HTTP_OK || (status != 0 && (found == NULL || atoi(found + 9) != HTTP_OK))) {
            found = at;
        }
        at++;
    }
    return found;
}

/* The value of a header of the message; false: it has no such header. Copied, cut, terminated. */
static bool
find_header(char value[64], struct span headers, const char *name)
{
    const char *line = headers.start;
    size_t length = strlen(name);
    while ((line = memchr(line, '\n', (size_t)(headers.end - line))) != NULL) {
        line++;
        if ((size_t)(headers.end - line) > length && strncasecmp(line, name, length) == 0 &&
            line[length] == ':') {
            line += length + 1;
            line += strspn(line, " \t");
            size_t count = strcspn(line, "\r\n");
            snprintf(value, 64, "%.*s", (int)(count < 63 ? count : 63), line);
            return true;
        }
    }
    return false;
}

/* Joins chunks in place (RFC 9112 section 7.1). Returns the length, or -1 when they are damaged. */
static ssize_t
join_chunks(char *body, size_t length)
{
    const char *at = body, *end = body + length;
    size_t joined = 0;
    for (;;) {
        char *digits_end;
        unsigned long size =
            strtoul(at, &digits_end, 16); /* stops at the terminator at the latest */
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (digits_end == at || line_end == NULL || digits_end > line_end) {
            return -1;
        }
        at = line_end + 1;
        if (size == 0) {
            return (ssize_t)joined;
        }
        if (size > (size_t)(end - at)) {
            return -1;
        }
        memmove(body + joined, at, size);
        joined += size;
        at += size;
        at += at < end && *at == '\r';
        at += at < end && *at == '\n';
    }
}

/* Where the headers end, and the body begins; NULL: they do not. */
static const char *
find_body(struct span text)
{
    size_t length = (size_t)(text.end - text.start);
    const char *crlf = memmem(text.start, length, "\r\n\r\n", 4);
    const char *lf = memmem(text.start, length, "\n\n", 2); /* an editor may have saved it */
    if (crlf != NULL && (lf == NULL || crlf < lf)) {
        return crlf + 4;
    }
    return lf == NULL ? NULL : lf + 2;
}

static int
cut_headers(struct learn_response *response, const char *line, const char *file,
            struct ucprov_problem *problem)
{
    char *end = response->octets + response->length;
    const char *body = find_body((struct span){line, end});
    if (body == NULL) {
        return refuse_source(problem, file, "has HTTP headers, but nothing behind them");
    }
    struct span headers = {line, body};
    char value[64];
    if (find_header(value, headers, "Content-Encoding") && strcasecmp(value, "identity") != 0) {
        return refuse_source(
            problem, file,
            "its body is compressed (Content-Encoding); save it decoded, or ask the "
            "server itself");
    }
    response->status = status_of((struct span){line, end});
    size_t length = (size_t)(end - body);
    bool chunked =
        find_header(value, headers, "Transfer-Encoding") && strcasecmp(value, "chunked") == 0;
    if (!chunked && find_header(value, headers, "Content-Length")) {
        unsigned long stated = strtoul(value, NULL, 10);
        if (stated > length) {
            return refuse_source(problem, file,
                                 "is cut: its Content-Length is larger than what is there");
        }
        length = stated;
    }
    memmove(response->octets, body, length);
    response->octets[length] = '\0';
    response->length = length;
    if (chunked) {
        ssize_t joined = join_chunks(response->octets, length);
        if (joined < 0) {
            return refuse_source(problem, file, "is cut, or its chunks are damaged");
        }
        response->octets[joined] = '\0';
        response->length = (size_t)joined;
    }
    return 0;
}

int
learn_response_read(struct learn_response *response, const char *file,
                    struct ucprov_problem *problem)
{
    *response = (struct learn_response){.octets = NULL};
    struct ucprov_file read;
    int error = ucprov_file_read(&read, file, FILE_MAX, UCPROV_FILE_OR_PIPE);
    if (error != 0) {
        return refuse_source(problem, file,
                             error == EFBIG ? "more than 16 MiB" : ucprov_file_error(error));
    }
    response->octets = read.octets;
    response->length = read.length;
    struct span text = {response->octets, response->octets + response->length};
    const char *line = find_status_line(text);
    return line == NULL ? 0 : cut_headers(response, line, file, problem);
}
