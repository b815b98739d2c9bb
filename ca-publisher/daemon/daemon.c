/* SPDX-License-Identifier: MPL-2.0 */
/* The main thread: starts everything in the order that privileges allow, handles signals and
 * reloads, feeds the watchdog. It serves no phone itself; workers do. */
#include "daemon/daemon.h"

#include <errno.h>
#include <event2/event.h>
#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#include "daemon/admin.h"
#include "daemon/daemonize.h"
#include "daemon/listener.h"
#include "daemon/log.h"
#include "daemon/privileges.h"
#include "daemon/publication.h"
#include "daemon/worker.h"

#define SPARE_DESCRIPTORS 16 /* for the log, a reload, sd_notify(3), and what is not known here */
#define LOOP_DESCRIPTORS  8  /* an event loop's own */
#define FEW_CONNECTIONS   4  /* with fewer it makes no sense to serve */
#define DAY               (24 * 3600)
#define SOON              (30 * DAY)
#define LIVENESS_MS       3000 /* workers tick once a second */

struct daemon {
    const struct capubd_arguments *arguments;
    struct publication *publication; /* that is served; held */
    struct server_state state;
    unsigned worker_count;
    struct worker *workers;
    unsigned last_ticks[UCPROV_CA_WORKERS_MAX]; /* of each worker, at the last look */
    uint64_t looked_at;                         /* monotonic, milliseconds */
    bool alive;
    struct listening_sockets *sockets; /* of each worker; behind them those of the admin */
    struct event_base *base;
    struct event *events[6];
    size_t event_count;
    struct admin *admin;
    rlim_t descriptors; /* that the process may have */
    struct sandbox sandbox;
    uint64_t reloads;
    uint64_t reloads_refused;
    int ready; /* descriptor of daemonize_ready(); -1: in the foreground */
    struct ucprov_problem problem;
};

/* Messages */

static void
log_diagnostics(const struct ucprov_diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->count; i++) {
        const struct ucprov_diagnostic *diagnostic = diagnostics->items[i];
        char line[16] = "";
        if (diagnostic->line > 0) {
            snprintf(line, sizeof(line), ":%u", diagnostic->line);
        }
        log_line(ucprov_diagnostic_is_error(diagnostic) ? LOG_ERR : LOG_WARNING, "%s%s: %s%s%s",
                 diagnostics->file, line, diagnostic->setting != NULL ? diagnostic->setting : "",
                 diagnostic->setting != NULL ? ": " : "", diagnostic->finding.text);
    }
}

/* Of a site, which is taken, or NULL: its own errors are there then. */
static struct publication *
make_publication(struct ucprov_site *site, struct ucprov_diagnostics *diagnostics)
{
    struct publication *publication = site == NULL ? NULL : publication_new(site, diagnostics);
    for (size_t i = 0; publication != NULL && i < LISTENER_KINDS; i++) {
        if (publication->contexts[i] != NULL) {
            connection_prepare_context(publication->contexts[i]);
        }
    }
    ucprov_diagnostics_sort(diagnostics);
    return publication;
}

static char *
date_text(char text[UCPROV_DATE_SIZE], time_t time)
{
    struct tm parts;
    if (gmtime_r(&time, &parts) == NULL ||
        strftime(text, UCPROV_DATE_SIZE, "%Y-%m-%d", &parts) == 0) {
        strcpy(text, "?");
    }
    return text;
}

static void
describe_publication(const struct publication *publication, char *text, size_t size)
{
    char date[UCPROV_DATE_SIZE];
    snprintf(text, size, "%zu chain%s, %d certificates, the first expires on %s",
             publication->chains.count, publication->chains.count == 1 ? "" : "s",
             sk_X509_num(publication->chains.all), date_text(date, publication->chains.expires));
}

static void
notify_ready(const struct daemon *daemon)
{
    char text[128];
    describe_publication(daemon->publication, text, sizeof(text));
    sd_notifyf(0, "READY=1\nSTATUS=Serving %s", text);
}

/* Reload */

static bool
same_listeners(const struct ucprov_ca *a, const struct ucprov_ca *b)
{
    for (enum listener_kind kind = 0; kind < LISTENER_KINDS; kind++) {
        const struct ucprov_listeners *x = listener_settings(a, kind);
        const struct ucprov_listeners *y = listener_settings(b, kind);
        if (x->count != y->count) {
            return false;
        }
        for (size_t i = 0; i < x->count; i++) {
            if (x->items[i].port != y->items[i].port ||
                x->items[i].address.s_addr != y->items[i].address.s_addr) {
                return false;
            }
        }
    }
    return true;
}

static void
warn_of_restart(const struct ucprov_ca *old, const struct ucprov_ca *new)
{
    if (!same_listeners(old, new) || old->workers != new->workers ||
        strcmp(old->user, new->user) != 0) {
        log_line(LOG_WARNING, "listeners, \"workers\" and \"user\" of \"ca\" come into force at a "
                              "restart; everything else has");
    }
}

/* A listener with TLS that is open has to have its context. */
static bool
can_replace(const struct publication *old, const struct publication *new)
{
    for (size_t i = 0; i < LISTENER_KINDS; i++) {
        if (old->contexts[i] != NULL && new->contexts[i] == NULL) {
            log_line(LOG_ERR, "ca.%s: has no listener any more, which takes a restart",
                     listener_kind_name((enum listener_kind)i));
            return false;
        }
    }
    return true;
}

/* As many connections as the site file says, or as the descriptors allow. */
static void
set_connections(struct daemon *daemon, const struct ucprov_ca *ca)
{
    struct accept_budget *budget = &daemon->state.budget;
    accept_budget_set(budget, ca->limits.max_connections);
    uint32_t most = atomic_load(&budget->most);
    if (most < ca->limits.max_connections) {
        log_line(
            LOG_WARNING,
            "ca.max_connections: %u are more than the descriptors of this process allow, which "
            "is %u: raise LimitNOFILE= (\"ulimit -n\") and restart, or lower the setting",
            ca->limits.max_connections, most);
    }
}

static void
replace_publication(struct daemon *daemon, struct publication *new)
{
    char text[128];
    warn_of_restart(&daemon->publication->site->ca, &new->site->ca);
    set_connections(daemon, &new->site->ca);
    for (unsigned i = 0; i < daemon->worker_count; i++) {
        worker_publish(&daemon->workers[i], new);
    }
    publication_release(daemon->publication);
    daemon->publication = new;
    daemon->reloads++;
    describe_publication(new, text, sizeof(text));
    log_line(LOG_NOTICE, "reloaded %s: %s", daemon->arguments->site_file, text);
}

static void
notify_reloading(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
               (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

static void
on_hangup(evutil_socket_t signal, short events, void *context)
{
    (void)signal;
    (void)events;
    struct daemon *daemon = context;
    struct ucprov_diagnostics diagnostics;
    notify_reloading();
    ucprov_diagnostics_init(&diagnostics, daemon->arguments->site_file);
    struct publication *new = make_publication(
        ucprov_site_load(daemon->arguments->site_file, &diagnostics), &diagnostics);
    log_diagnostics(&diagnostics);
    ucprov_diagnostics_clear(&diagnostics);
    if (new != NULL && can_replace(daemon->publication, new)) {
        replace_publication(daemon, new);
    } else {
        publication_release(new);
        daemon->reloads_refused++;
        log_line(LOG_ERR, "the reload is refused; what was served before serves on");
    }
    notify_ready(daemon);
}

/* Other events of the main thread */

static void
on_terminate(evutil_socket_t signal, short events, void *context)
{
    (void)events;
    struct daemon *daemon = context;
    log_line(LOG_NOTICE, "stopping: signal %d", (int)signal);
    sd_notify(0, "STOPPING=1");
    event_base_loopbreak(daemon->base);
}

/* Has every worker turned its loop since the last look? */
static void
look_at_workers(struct daemon *daemon)
{
    uint64_t now = ucprov_clock_tick_ms();
    if (now - daemon->looked_at < LIVENESS_MS) {
        return;
    }
    daemon->looked_at = now;
    daemon->alive = true;
    for (unsigned i = 0; i < daemon->worker_count; i++) {
        unsigned ticks = atomic_load_explicit(&daemon->workers[i].ticks, memory_order_relaxed);
        daemon->alive = daemon->alive && ticks != daemon->last_ticks[i];
        daemon->last_ticks[i] = ticks;
    }
}

static void
on_watchdog(evutil_socket_t descriptor, short events, void *context)
{
    (void)descriptor;
    (void)events;
    struct daemon *daemon = context;
    look_at_workers(daemon);
    if (daemon->alive) {
        sd_notify(0, "WATCHDOG=1");
    }
}

static void
on_day(evutil_socket_t descriptor, short events, void *context)
{
    (void)descriptor;
    (void)events;
    const struct daemon *daemon = context;
    char date[UCPROV_DATE_SIZE];
    time_t expires = daemon->publication->chains.expires;
    if (expires - time(NULL) < SOON) {
        log_line(expires > time(NULL) ? LOG_WARNING : LOG_ERR,
                 "a certificate of the chain expires on %s: renew it, and reload",
                 date_text(date, expires));
    }
}

static void
collect_metrics(void *context, struct metrics *sum, struct metrics_state *state)
{
    struct daemon *daemon = context;
    for (unsigned i = 0; i < daemon->worker_count; i++) {
        metrics_sum(sum, &daemon->workers[i].metrics);
    }
    state->chain_expires = daemon->publication->chains.expires;
    state->loaded = daemon->publication->loaded;
    state->reloads = daemon->reloads;
    state->reloads_refused = daemon->reloads_refused;
    state->visitors = recent_clients_total(daemon->state.clients);
}

/* Adds an event that stays; a signal, or a timer of some microseconds. */
static int
add_event(struct daemon *daemon, int signal, uint64_t period, event_callback_fn callback)
{
    const struct timeval time = {(time_t)(period / 1000000), (suseconds_t)(period % 1000000)};
    struct event *event = signal > 0 ? evsignal_new(daemon->base, signal, callback, daemon)
                                     : event_new(daemon->base, -1, EV_PERSIST, callback, daemon);
    if (event == NULL || event_add(event, signal > 0 ? NULL : &time) != 0) {
        return ucprov_problem_set(&daemon->problem, "out of memory");
    }
    daemon->events[daemon->event_count++] = event;
    return 0;
}

static int
make_events(struct daemon *daemon)
{
    uint64_t period;
    daemon->base = event_base_new();
    if (daemon->base == NULL) {
        return ucprov_problem_set(&daemon->problem, "out of memory");
    }
    signal(SIGPIPE, SIG_IGN);
    if (add_event(daemon, SIGHUP, 0, on_hangup) != 0 ||
        add_event(daemon, SIGTERM, 0, on_terminate) != 0 ||
        add_event(daemon, SIGINT, 0, on_terminate) != 0 ||
        add_event(daemon, 0, DAY * 1000000ULL, on_day) != 0) {
        return -1;
    }
    return sd_watchdog_enabled(0, &period) > 0 ? add_event(daemon, 0, period / 2, on_watchdog) : 0;
}

/* Start */

static unsigned
worker_count(const struct ucprov_ca *ca)
{
    cpu_set_t set;
    if (ca->workers > 0) {
        return ca->workers;
    }
    int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : count > UCPROV_CA_WORKERS_MAX ? UCPROV_CA_WORKERS_MAX : (unsigned)count;
}

/* As many descriptors as the connections need, or as the system gives. */
static int
raise_descriptors(struct daemon *daemon, const struct ucprov_ca *ca)
{
    struct rlimit limit;
    size_t sockets = ca->http.count + ca->https.count + ca->legacy_https.count + ca->admin.count;
    rlim_t wanted = 2 * (rlim_t)ca->limits.max_connections + /* more may come at once */
                    daemon->worker_count * (sockets + LOOP_DESCRIPTORS) + LOOP_DESCRIPTORS +
                    ADMIN_DESCRIPTORS + SPARE_DESCRIPTORS + daemon->worker_count;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return ucprov_problem_set(&daemon->problem, "getrlimit: %s", strerror(errno));
    }
    rlim_t given = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (limit.rlim_cur != given) { /* a far larger one would only make tables large */
        limit.rlim_cur = given;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    daemon->descriptors = limit.rlim_cur;
    return connection_table_init(limit.rlim_cur) == 0
               ? 0
               : ucprov_problem_set(&daemon->problem, "out of memory");
}

static int
make_shared(struct daemon *daemon, const struct ucprov_ca *ca)
{
    daemon->worker_count = worker_count(ca);
    daemon->workers = calloc(daemon->worker_count, sizeof(*daemon->workers));
    daemon->sockets = calloc(daemon->worker_count + 1, sizeof(*daemon->sockets));
    daemon->state.addresses = client_limits_new(2 * (size_t)ca->limits.max_connections);
    daemon->state.clients = recent_clients_new();
    if (daemon->workers == NULL || daemon->sockets == NULL || daemon->state.addresses == NULL ||
        daemon->state.clients == NULL) {
        return ucprov_problem_set(&daemon->problem, "out of memory");
    }
    for (unsigned i = 0; i < daemon->worker_count; i++) {
        daemon->workers[i].wake_descriptor = -1;
    }
    return raise_descriptors(daemon, ca);
}

/* One worker waits for room that others may have to make. */
static void
on_crowded(void *context)
{
    struct daemon *daemon = context;
    for (unsigned i = 0; i < daemon->worker_count; i++) {
        worker_make_room(&daemon->workers[i]);
    }
}

/* Connections get the descriptors that are left now that everything else has its own. */
static int
share_descriptors(struct daemon *daemon, const struct ucprov_ca *ca)
{
    int next = eventfd(0, EFD_CLOEXEC); /* the lowest that is free: so many are in use */
    rlim_t used = (rlim_t)(next >= 0 ? next : INT_MAX) + ADMIN_DESCRIPTORS + SPARE_DESCRIPTORS +
                  daemon->worker_count; /* each learns that all are used when it takes one more */
    if (next >= 0) {
        close(next);
    }
    if (used + FEW_CONNECTIONS > daemon->descriptors) {
        return ucprov_problem_set(&daemon->problem,
                                  "the %lu descriptors that this process may have leave none for "
                                  "connections: raise LimitNOFILE= (\"ulimit -n\")",
                                  (unsigned long)daemon->descriptors);
    }
    rlim_t left = daemon->descriptors - used;
    daemon->state.budget.crowded = on_crowded;
    daemon->state.budget.context = daemon;
    daemon->state.budget.descriptors = left < UINT32_MAX ? (uint32_t)left : UINT32_MAX;
    set_connections(daemon, ca);
    return 0;
}

/* As root: what it takes root for. Returns 0, or the status to exit with. */
static int
open_as_root(struct daemon *daemon, const struct ucprov_ca *ca)
{
    if (make_shared(daemon, ca) != 0 ||
        listeners_open(daemon->sockets, daemon->worker_count,
                       &daemon->sockets[daemon->worker_count], ca, &daemon->problem) != 0 ||
        privileges_drop(ca->user, &daemon->problem) != 0) {
        log_line(LOG_ERR, "%s", daemon->problem.text);
        return UCPROV_EXIT_ERROR;
    }
    return UCPROV_EXIT_OK;
}

static int
begin_serving(struct daemon *daemon)
{
    const struct ucprov_ca *ca = &daemon->publication->site->ca;
    tzset(); /* before files are out of reach */
    if (sandbox_files(&daemon->sandbox, daemon->arguments->site_file, ca, &daemon->problem) != 0 ||
        make_events(daemon) != 0) {
        return -1;
    }
    daemon->admin =
        admin_new(daemon->base, &daemon->sockets[daemon->worker_count], collect_metrics, daemon);
    if (daemon->admin == NULL) {
        return ucprov_problem_set(&daemon->problem, "out of memory");
    }
    for (unsigned i = 0; i < daemon->worker_count; i++) {
        if (worker_start(&daemon->workers[i], &daemon->state, &daemon->sockets[i],
                         daemon->publication, &daemon->problem) != 0) {
            return -1;
        }
    }
    if (share_descriptors(daemon, ca) != 0 ||
        sandbox_system_calls(&daemon->sandbox, &daemon->problem) != 0) {
        return -1;
    }
    if (daemon->ready >= 0) { /* now nothing can fail any more */
        daemonize_ready(daemon->ready);
        log_open_syslog();
    }
    return 0;
}

static void
log_started(const struct daemon *daemon)
{
    char text[128];
    const struct ucprov_ca *ca = &daemon->publication->site->ca;
    describe_publication(daemon->publication, text, sizeof(text));
    log_line(LOG_NOTICE, "serving %s; %u workers; Landlock %s, seccomp %s", text,
             daemon->worker_count, daemon->sandbox.landlock_abi > 0 ? "on" : "not in this kernel",
             daemon->sandbox.seccomp ? "on" : "not in this kernel");
    if (ca->legacy_tls) {
        log_line(LOG_WARNING,
                 "ca.legacy_tls: TLS 1.0 is offered, which is broken: for phones that speak "
                 "nothing else, and only as long as there are some");
    }
}

static int
serve_until_stopped(struct daemon *daemon)
{
    if (begin_serving(daemon) != 0) {
        log_line(LOG_ERR, "%s", daemon->problem.text);
        return UCPROV_EXIT_ERROR;
    }
    for (unsigned i = 0; i < daemon->worker_count; i++) {
        worker_begin(&daemon->workers[i]);
    }
    daemon->looked_at = ucprov_clock_tick_ms();
    daemon->alive = true;
    log_started(daemon);
    notify_ready(daemon);
    event_base_dispatch(daemon->base);
    return UCPROV_EXIT_OK;
}

/* A reload reads the site file as the user: better to learn now that it cannot. Any other trouble
 * with it has been found. */
static bool
can_read_again(const char *site_file, struct ucprov_diagnostics *diagnostics)
{
    if (access(site_file, R_OK) != 0) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_UNREADABLE, 0, NULL,
                               "cannot be read: %s", strerror(errno));
        return false;
    }
    return true;
}

/* Becomes the user, after what takes root. Returns 0, or the status to exit with. */
static int
leave_root(struct daemon *daemon, const struct ucprov_ca *ca,
           struct ucprov_diagnostics *diagnostics, bool check)
{
    bool is_root = getuid() == 0;
    int status = UCPROV_EXIT_OK;
    if (!check) {
        status = open_as_root(daemon, ca);
    } else if (is_root && privileges_drop(ca->user, &daemon->problem) != 0) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_CA_PROCESS, 0, NULL, "%s",
                               daemon->problem.text);
        status = UCPROV_EXIT_FINDING;
    }
    if (status == UCPROV_EXIT_OK && is_root &&
        !can_read_again(daemon->arguments->site_file, diagnostics)) {
        status = UCPROV_EXIT_FINDING;
    }
    return status;
}

/* Reads the site file, opens what it takes root for, and as the user reads what the site names. */
static int
start_daemon(struct daemon *daemon, struct ucprov_diagnostics *diagnostics, bool check)
{
    struct ucprov_site *site = ucprov_site_load(daemon->arguments->site_file, diagnostics);
    if (site == NULL) {
        return diagnostics->unreadable ? UCPROV_EXIT_ERROR : UCPROV_EXIT_FINDING;
    }
    if (site->ca.chains.count > 0) { /* else loading says what is missing */
        int status = leave_root(daemon, &site->ca, diagnostics, check);
        if (status != UCPROV_EXIT_OK) {
            ucprov_site_free(site);
            return status;
        }
    }
    daemon->publication = make_publication(site, diagnostics);
    return daemon->publication != NULL ? UCPROV_EXIT_OK : UCPROV_EXIT_FINDING;
}

static void
stop_daemon(struct daemon *daemon)
{
    for (unsigned i = 0; i < daemon->worker_count && daemon->workers != NULL; i++) {
        if (daemon->workers[i].running) {
            worker_stop(&daemon->workers[i]);
        }
    }
    for (unsigned i = 0; i < daemon->worker_count && daemon->workers != NULL; i++) {
        worker_join(&daemon->workers[i]);
    }
    for (unsigned i = 0; i <= daemon->worker_count && daemon->sockets != NULL; i++) {
        listeners_close(&daemon->sockets[i]);
    }
    admin_free(daemon->admin);
    for (size_t i = 0; i < daemon->event_count; i++) {
        event_free(daemon->events[i]);
    }
    if (daemon->base != NULL) {
        event_base_free(daemon->base);
    }
    client_limits_free(daemon->state.addresses);
    recent_clients_free(daemon->state.clients);
    publication_release(daemon->publication);
    free(daemon->workers);
    free(daemon->sockets);
}

int
daemon_run(const struct capubd_arguments *arguments)
{
    struct daemon daemon = {.arguments = arguments, .ready = -1};
    struct ucprov_diagnostics diagnostics;
    log_open_stderr();
    if (!arguments->foreground && (daemon.ready = daemonize_enter()) < 0) {
        log_line(LOG_ERR, "cannot go into the background: %s", strerror(errno));
        return UCPROV_EXIT_ERROR;
    }
    ucprov_diagnostics_init(&diagnostics, arguments->site_file);
    int status = start_daemon(&daemon, &diagnostics, false);
    log_diagnostics(&diagnostics);
    ucprov_diagnostics_clear(&diagnostics);
    if (status == UCPROV_EXIT_OK) {
        status = serve_until_stopped(&daemon);
    }
    stop_daemon(&daemon);
    return status;
}

int
daemon_check(const struct capubd_arguments *arguments)
{
    struct daemon daemon = {.arguments = arguments, .ready = -1};
    struct ucprov_diagnostics diagnostics;
    char text[128];
    ucprov_diagnostics_init(&diagnostics, arguments->site_file);
    int status = start_daemon(&daemon, &diagnostics, true);
    ucprov_diagnostics_print(&diagnostics, stderr);
    ucprov_diagnostics_clear(&diagnostics);
    if (status == UCPROV_EXIT_OK) {
        describe_publication(daemon.publication, text, sizeof(text));
        printf("%s: %s: fine\n", arguments->site_file, text);
    }
    stop_daemon(&daemon);
    return status;
}
