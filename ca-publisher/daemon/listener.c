/* SPDX-License-Identifier: MPL-2.0 */
/* Opens a socket for each worker with SO_REUSEPORT, or duplicates those that systemd holds; and
 * refuses a site file and socket unit that disagree. Accepting is acceptor.c's. */
#include "daemon/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define BACKLOG       4096 /* a floor of phones at once; the kernel has its own limit */
#define ADDRESS_SIZE  (INET_ADDRSTRLEN + sizeof(":65535"))
#define INHERITED_MAX 64

const char *
listener_kind_name(enum listener_kind kind)
{
    static const char *const names[] = {"http", "https", "legacy_https", "admin"};
    return names[kind];
}

const struct ucprov_listeners *
listener_settings(const struct ucprov_ca *ca, enum listener_kind kind)
{
    switch (kind) {
    case LISTENER_HTTP:
        return &ca->http;
    case LISTENER_HTTPS:
        return &ca->https;
    case LISTENER_LEGACY_HTTPS:
        return &ca->legacy_https;
    default:
        return &ca->admin;
    }
}

/* A socket that systemd has passed, and where it listens. */
struct inherited {
    int descriptor;
    struct ucprov_listener listener;
    bool used;
};

struct inheritance {
    size_t count;
    struct inherited items[INHERITED_MAX];
};

static const char *
address_text(char text[ADDRESS_SIZE], const struct ucprov_listener *listener)
{
    char address[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &listener->address, address, sizeof(address));
    snprintf(text, ADDRESS_SIZE, "%s:%u", address, listener->port);
    return text;
}

static int
read_inherited(struct inherited *inherited, int descriptor, struct ucprov_problem *problem)
{
    struct sockaddr_in address = {0};
    socklen_t length = sizeof(address);
    if (sd_is_socket(descriptor, AF_INET, SOCK_STREAM, 1) <= 0 ||
        getsockname(descriptor, (struct sockaddr *)&address, &length) != 0) {
        return ucprov_problem_set(problem,
                                  "systemd passes a socket (%d) that does not listen on TCP and "
                                  "IPv4: write ListenStream=ADDRESS:PORT",
                                  descriptor);
    }
    fcntl(descriptor, F_SETFL, O_NONBLOCK); /* or a worker would wait in accept4(2) for ever */
    *inherited = (struct inherited){descriptor, {address.sin_addr, ntohs(address.sin_port)}, false};
    return 0;
}

static int
inherit(struct inheritance *inheritance, struct ucprov_problem *problem)
{
    int count = sd_listen_fds(1);
    if (count < 0 || count > INHERITED_MAX) {
        return ucprov_problem_set(problem, "cannot take systemd's sockets: %s",
                                  count < 0 ? strerror(-count) : "too many");
    }
    inheritance->count = 0;
    for (int i = 0; i < count; i++) {
        if (read_inherited(&inheritance->items[inheritance->count++], SD_LISTEN_FDS_START + i,
                           problem) != 0) {
            return -1;
        }
    }
    return 0;
}

static struct inherited *
find_inherited(struct inheritance *inheritance, const struct ucprov_listener *listener)
{
    for (size_t i = 0; i < inheritance->count; i++) {
        struct inherited *inherited = &inheritance->items[i];
        if (inherited->listener.port == listener->port &&
            inherited->listener.address.s_addr == listener->address.s_addr) {
            inherited->used = true;
            return inherited;
        }
    }
    return NULL;
}

static int
set_option(int descriptor, int level, int option)
{
    const int on = 1;
    return setsockopt(descriptor, level, option, &on, sizeof(on));
}

static int
bind_socket(const struct ucprov_listener *listener, bool shared)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr = listener->address, .sin_port = htons(listener->port)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return -1;
    }
    if (set_option(descriptor, SOL_SOCKET, SO_REUSEADDR) == 0 &&
        (!shared || set_option(descriptor, SOL_SOCKET, SO_REUSEPORT) == 0) &&
        bind(descriptor, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        (!shared || listen(descriptor, BACKLOG) == 0)) {
        set_option(descriptor, IPPROTO_TCP,
                   TCP_DEFER_ACCEPT);                     /* until there is something to read */
        set_option(descriptor, IPPROTO_TCP, TCP_NODELAY); /* what is accepted inherits it */
        return descriptor;
    }
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

static int
bind_problem(const struct ucprov_listener *listener, enum listener_kind kind,
             struct ucprov_problem *problem)
{
    char text[ADDRESS_SIZE];
    const char *remedy = errno == EADDRINUSE      ? "; stop the server that has it (\"ss -ltnp\" "
                                                    "shows it), or take another port"
                         : errno == EACCES        ? "; ports below 1024 need root, or "
                                                    "CAP_NET_BIND_SERVICE"
                         : errno == EADDRNOTAVAIL ? "; this machine has no such address"
                                                  : "";
    return ucprov_problem_set(problem, "ca.%s: cannot listen on %s: %s%s", listener_kind_name(kind),
                              address_text(text, listener), strerror(errno), remedy);
}

/* SO_REUSEPORT would share a port with another daemon that has it, too: this finds that out. */
static int
try_alone(const struct ucprov_listener *listener)
{
    int descriptor = bind_socket(listener, false);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return descriptor >= 0 ? 0 : -1;
}

static int
add_socket(struct listening_sockets *set, enum listener_kind kind, int descriptor)
{
    if (descriptor < 0) {
        return -1;
    }
    if (set->count == LISTENING_SOCKETS_MAX) {
        close(descriptor);
        errno = EMFILE;
        return -1;
    }
    set->items[set->count++] = (struct listening_socket){kind, descriptor};
    return 0;
}

/* One listener, for each of several sets. */
static int
open_listener(struct listening_sockets *sets, unsigned count, enum listener_kind kind,
              const struct ucprov_listener *listener, struct inheritance *inheritance,
              struct ucprov_problem *problem)
{
    struct inherited *inherited = find_inherited(inheritance, listener);
    if (inherited == NULL && try_alone(listener) != 0) {
        return bind_problem(listener, kind, problem);
    }
    for (unsigned i = 0; i < count; i++) {
        int descriptor = inherited != NULL ? fcntl(inherited->descriptor, F_DUPFD_CLOEXEC, 0)
                                           : bind_socket(listener, true);
        if (add_socket(&sets[i], kind, descriptor) != 0) {
            return bind_problem(listener, kind, problem);
        }
    }
    return 0;
}

/* Every socket has its users by now, and they have copies. */
static int
close_inherited(const struct inheritance *inheritance, struct ucprov_problem *problem)
{
    int result = 0;
    for (size_t i = 0; i < inheritance->count; i++) {
        const struct inherited *inherited = &inheritance->items[i];
        char text[ADDRESS_SIZE];
        close(inherited->descriptor);
        if (!inherited->used && result == 0) {
            result = ucprov_problem_set(problem,
                                        "systemd passes a socket on %s, which is no listener of "
                                        "the site file: make ListenStream= and \"ca\" agree",
                                        address_text(text, &inherited->listener));
        }
    }
    return result;
}

int
listeners_open(struct listening_sockets *sets, unsigned workers, struct listening_sockets *admin,
               const struct ucprov_ca *ca, struct ucprov_problem *problem)
{
    struct inheritance inheritance = {0};
    for (unsigned i = 0; i < workers; i++) {
        sets[i].count = 0;
    }
    admin->count = 0;
    if (inherit(&inheritance, problem) != 0) {
        return -1;
    }
    for (enum listener_kind kind = 0; kind < LISTENER_KINDS; kind++) {
        const struct ucprov_listeners *listeners = listener_settings(ca, kind);
        for (size_t i = 0; i < listeners->count; i++) {
            bool is_admin = kind == LISTENER_ADMIN;
            if (open_listener(is_admin ? admin : sets, is_admin ? 1 : workers, kind,
                              &listeners->items[i], &inheritance, problem) != 0) {
                return -1;
            }
        }
    }
    return close_inherited(&inheritance, problem);
}

void
listeners_close(struct listening_sockets *set)
{
    for (size_t i = 0; i < set->count; i++) {
        close(set->items[i].descriptor);
    }
    set->count = 0;
}
