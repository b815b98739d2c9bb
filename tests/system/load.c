/* SPDX-License-Identifier: MPL-2.0 */
/* load: asks a DHCP server many times at once, never again for the same thing, and counts.
 *
 *   load --server ADDRESS:PORT --client-port PORT --count N [--window N] [--giaddr A] [--ciaddr A]
 *        [--vendor-class TEXT] [--request CODE,CODE...] [--timeout-ms N]
 *
 * Sends N DHCPINFORMs, at most `window` of them unanswered at any time, so that no queue on the way
 * runs over; none is sent twice. Each has a transaction id of its own. With --giaddr they look as
 * if a relay had forwarded them. Prints one JSON object: how many were sent and answered, every
 * size and every digest that the replies' options had (with one sample each), how long it took.
 * Exit 0 when it could run, whatever the answers; 2 when it could not. Loopback addresses only.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FIXED_SIZE     236 /* RFC 2131 2: op to file */
#define COOKIE_SIZE    4
#define OPTIONS_OFFSET (FIXED_SIZE + COOKIE_SIZE)
#define MESSAGE_MAX    4096
#define KINDS_MAX      64 /* distinct replies we tell apart; more are counted together */
#define XID_BASE       0x55430000U
#define SOCKET_BUFFER  (4 << 20)

struct kind {
    uint64_t digest;
    size_t size;
    size_t count;
    size_t options_length;
    uint8_t options[MESSAGE_MAX];
};

struct run {
    struct sockaddr_in server;
    uint16_t client_port;
    struct in_addr giaddr;
    struct in_addr ciaddr;
    const char *vendor_class;
    const char *request;
    size_t count;
    size_t window;
    uint64_t timeout; /* ns until a query counts as lost */

    int socket;
    uint8_t query[MESSAGE_MAX];
    size_t query_length;
    uint64_t *sent_at; /* ns, by query; 0 once answered or lost */
    size_t sent, answered, lost, late, stray;
    size_t oldest; /* no query before this one is outstanding */
    uint64_t longest_wait;
    struct kind kinds[KINDS_MAX];
    size_t kind_count, other_kinds;
};

static void
exit_with(const char *what)
{
    fprintf(stderr, "load: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(2);
}

static uint64_t
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

/* FNV-1a, 64 bits: tells replies apart, no more is asked of it. */
static uint64_t
digest(const uint8_t *data, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ data[i]) * 0x100000001b3U;
    }
    return hash;
}

static uint8_t *
put_option(uint8_t *p, uint8_t code, const void *value, size_t length)
{
    *p++ = code;
    *p++ = (uint8_t)length;
    memcpy(p, value, length);
    return p + length;
}

static void
build_query(struct run *run)
{
    uint8_t *message = run->query;
    message[0] = 1; /* BOOTREQUEST */
    message[1] = 1; /* Ethernet */
    message[2] = 6;
    message[3] = run->giaddr.s_addr != 0; /* hops: Kea refuses giaddr without */
    memcpy(message + 12, &run->ciaddr, 4);
    memcpy(message + 24, &run->giaddr, 4);
    memcpy(message + 28, "\x00\x04\xf2\x95\x31\xa2", 6);
    memcpy(message + FIXED_SIZE, "\x63\x82\x53\x63", COOKIE_SIZE);

    uint8_t *p = put_option(message + OPTIONS_OFFSET, 53, "\x08", 1); /* DHCPINFORM */
    if (*run->vendor_class != '\0') {
        p = put_option(p, 60, run->vendor_class, strlen(run->vendor_class));
    }
    uint8_t codes[255];
    size_t code_count = 0;
    for (const char *list = run->request; *list != '\0' && code_count < sizeof(codes);) {
        char *end;
        codes[code_count++] = (uint8_t)strtoul(list, &end, 10);
        list = *end == ',' ? end + 1 : end;
    }
    if (code_count > 0) {
        p = put_option(p, 55, codes, code_count);
    }
    *p++ = 255;
    run->query_length = (size_t)(p - message);
}

static void
open_socket(struct run *run)
{
    run->socket = socket(AF_INET, SOCK_DGRAM, 0);
    if (run->socket < 0) {
        exit_with("socket");
    }
    int yes = 1, size = SOCKET_BUFFER;
    setsockopt(run->socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    setsockopt(run->socket, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
    setsockopt(run->socket, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    if (setsockopt(run->socket, SOL_SOCKET, SO_BINDTODEVICE, "lo", sizeof("lo")) != 0) {
        exit_with("SO_BINDTODEVICE lo");
    }
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(run->client_port)};
    if (bind(run->socket, (struct sockaddr *)&here, sizeof(here)) != 0) {
        exit_with("bind");
    }
}

static void
send_query(struct run *run)
{
    uint32_t xid = htonl(XID_BASE + (uint32_t)run->sent);
    memcpy(run->query + 4, &xid, sizeof(xid));
    ssize_t length = sendto(run->socket, run->query, run->query_length, 0,
                            (struct sockaddr *)&run->server, sizeof(run->server));
    if (length != (ssize_t)run->query_length) {
        exit_with("sendto");
    }
    run->sent_at[run->sent++] = now();
}

static void
count_kind(struct run *run, const uint8_t *message, size_t length)
{
    size_t options_length = length - OPTIONS_OFFSET;
    uint64_t hash = digest(message + OPTIONS_OFFSET, options_length);
    for (size_t i = 0; i < run->kind_count; i++) {
        if (run->kinds[i].digest == hash && run->kinds[i].size == length) {
            run->kinds[i].count++;
            return;
        }
    }
    if (run->kind_count == KINDS_MAX) {
        run->other_kinds++;
        return;
    }
    struct kind *kind = &run->kinds[run->kind_count++];
    kind->digest = hash;
    kind->size = length;
    kind->count = 1;
    kind->options_length = options_length;
    memcpy(kind->options, message + OPTIONS_OFFSET, options_length);
}

static void
take_reply(struct run *run, const uint8_t *message, size_t length)
{
    uint32_t xid;
    if (length < OPTIONS_OFFSET || message[0] != 2) {
        run->stray++;
        return;
    }
    memcpy(&xid, message + 4, sizeof(xid));
    size_t query = ntohl(xid) - XID_BASE;
    if (query >= run->sent) {
        run->stray++;
    } else if (run->sent_at[query] == 0) {
        run->late++; /* counted as lost before, or answered twice */
    } else {
        uint64_t waited = now() - run->sent_at[query];
        run->longest_wait = waited > run->longest_wait ? waited : run->longest_wait;
        run->sent_at[query] = 0;
        run->answered++;
        count_kind(run, message, length);
    }
}

static void
take_replies(struct run *run)
{
    struct pollfd poller = {.fd = run->socket, .events = POLLIN};
    if (poll(&poller, 1, 100) <= 0) {
        return;
    }
    for (;;) {
        uint8_t message[MESSAGE_MAX];
        ssize_t length = recv(run->socket, message, sizeof(message), MSG_DONTWAIT);
        if (length < 0) {
            if (errno == EAGAIN || errno == ECONNREFUSED) {
                return;
            }
            exit_with("recv");
        }
        take_reply(run, message, (size_t)length);
    }
}

/* Gives up those that have waited too long. */
static void
expire(struct run *run)
{
    uint64_t time = now();
    while (run->oldest < run->sent) {
        uint64_t sent_at = run->sent_at[run->oldest];
        if (sent_at != 0) {
            if (time - sent_at < run->timeout) {
                return;
            }
            run->sent_at[run->oldest] = 0;
            run->lost++;
        }
        run->oldest++;
    }
}

static void
report(const struct run *run, uint64_t duration)
{
    printf("{\"sent\": %zu, \"answered\": %zu, \"lost\": %zu, \"late\": %zu, \"stray\": %zu, ",
           run->sent, run->answered, run->lost, run->late, run->stray);
    printf("\"seconds\": %.3f, \"longest_wait_ms\": %.3f, \"other_kinds\": %zu, \"kinds\": [",
           (double)duration / 1e9, (double)run->longest_wait / 1e6, run->other_kinds);
    for (size_t i = 0; i < run->kind_count; i++) {
        const struct kind *kind = &run->kinds[i];
        printf("%s{\"digest\": \"%016llx\", \"size\": %zu, \"count\": %zu, \"options\": \"",
               i > 0 ? ", " : "", (unsigned long long)kind->digest, kind->size, kind->count);
        for (size_t j = 0; j < kind->options_length; j++) {
            printf("%02x", kind->options[j]);
        }
        printf("\"}");
    }
    printf("]}\n");
}

static size_t
number(const char *text, size_t min, size_t max)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*end != '\0' || value < min || value > max) {
        errno = 0;
        exit_with("a number is out of range");
    }
    return value;
}

static struct in_addr
loopback_address(const char *text)
{
    struct in_addr address;
    if (inet_pton(AF_INET, text, &address) != 1 || ntohl(address.s_addr) >> 24 != 127) {
        errno = 0;
        exit_with("addresses must be within 127.0.0.0/8");
    }
    return address;
}

static void
parse_server(struct run *run, char *text)
{
    char *colon = strchr(text, ':');
    if (colon == NULL) {
        errno = 0;
        exit_with("--server ADDRESS:PORT");
    }
    *colon = '\0';
    run->server.sin_family = AF_INET;
    run->server.sin_addr = loopback_address(text);
    run->server.sin_port = htons((uint16_t)number(colon + 1, 1, UINT16_MAX));
}

static void
parse_arguments(struct run *run, int argc, char **argv)
{
    static const struct option options[] = {
        {"server", required_argument, NULL, 's'},
        {"client-port", required_argument, NULL, 'p'},
        {"count", required_argument, NULL, 'n'},
        {"window", required_argument, NULL, 'w'},
        {"giaddr", required_argument, NULL, 'g'},
        {"ciaddr", required_argument, NULL, 'c'},
        {"request", required_argument, NULL, 'r'},
        {"vendor-class", required_argument, NULL, 'v'},
        {"timeout-ms", required_argument, NULL, 't'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 's':
            parse_server(run, optarg);
            break;
        case 'p':
            run->client_port = (uint16_t)number(optarg, 1, UINT16_MAX);
            break;
        case 'n':
            run->count = number(optarg, 1, 100000000);
            break;
        case 'w':
            run->window = number(optarg, 1, 1000000);
            break;
        case 't':
            run->timeout = number(optarg, 1, 3600000) * 1000000U;
            break;
        case 'g':
            run->giaddr = loopback_address(optarg);
            break;
        case 'c':
            run->ciaddr = loopback_address(optarg);
            break;
        case 'v':
            run->vendor_class = optarg;
            break;
        case 'r':
            run->request = optarg;
            break;
        default:
            exit(2);
        }
    }
    if (run->count == 0 || run->client_port == 0 || run->server.sin_port == 0 || optind != argc ||
        strlen(run->vendor_class) > UINT8_MAX) {
        errno = 0;
        exit_with("--server, --client-port and --count are needed");
    }
}

int
main(int argc, char **argv)
{
    static struct run run = {
        .window = 64, .timeout = 2000000000U, .vendor_class = "MS-UC-Client", .request = "120,43"};
    parse_arguments(&run, argc, argv);
    run.sent_at = calloc(run.count, sizeof(*run.sent_at));
    if (run.sent_at == NULL) {
        exit_with("calloc");
    }
    build_query(&run);
    open_socket(&run);

    uint64_t start = now();
    while (run.answered + run.lost < run.count) {
        while (run.sent < run.count && run.sent - run.answered - run.lost < run.window) {
            send_query(&run);
        }
        take_replies(&run);
        expire(&run);
    }
    report(&run, now() - start);
    close(run.socket);
    free(run.sent_at);
    return 0;
}
