/* SPDX-License-Identifier: MPL-2.0 */
/* Calls zone_server_run() with records from a list, so that its tests need no
 * site file:
 *
 *   server_driver LIST [--check SERVER] [--update SERVER] [--tsig FILE] [--dry-run] [--remove]
 * [--json]
 *
 * A line of the list is "zone NAME", "OWNER TTL A ADDRESS" or
 * "OWNER TTL SRV PRIORITY WEIGHT PORT TARGET"; records belong to the zone above them, sorted by
 * owner, type and value.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zone_server.h"

#define RECORDS_MAX 20000
#define ZONES_MAX   1000
#define NAME_SIZE   256
#define LINE_SIZE   1024

static struct record records[RECORDS_MAX];
static struct zone zone_items[ZONES_MAX];
static char *names[2 * RECORDS_MAX + ZONES_MAX];
static size_t name_count, record_count, zone_count;

static void
die(const char *what, const char *text)
{
    fprintf(stderr, "server_driver: %s: %s\n", what, text);
    exit(3);
}

static const char *
keep(const char *name)
{
    char *copy = strdup(name);

    if (copy == NULL) {
        die("out of memory", name);
    }
    names[name_count++] = copy;
    return copy;
}

static void
read_record(const char *line)
{
    char owner[NAME_SIZE], type[8], value[NAME_SIZE], target[NAME_SIZE];
    unsigned ttl, weight, port;
    struct record *record = &records[record_count++];

    int fields = sscanf(line, "%255s %u %7s %255s %u %u %255s", owner, &ttl, type, value, &weight,
                        &port, target);
    if (record_count == RECORDS_MAX || zone_count == 0 || fields < 4) {
        die("no record", line);
    }
    record->owner = keep(owner);
    record->ttl = ttl;
    if (strcmp(type, "A") == 0 && inet_pton(AF_INET, value, &record->address) == 1) {
        record->type = RECORD_A;
    } else if (strcmp(type, "SRV") == 0 && fields == 7) {
        record->type = RECORD_SRV;
        record->srv.priority = (uint16_t)atoi(value);
        record->srv.weight = (uint16_t)weight;
        record->srv.port = (uint16_t)port;
        record->srv.target = keep(target);
    } else {
        die("no record", line);
    }
    zone_items[zone_count - 1].count++;
}

static void
read_list(const char *file)
{
    char line[LINE_SIZE], name[NAME_SIZE];
    FILE *list = fopen(file, "r");

    if (list == NULL) {
        die("cannot read", file);
    }
    while (fgets(line, sizeof(line), list) != NULL) {
        if (sscanf(line, "zone %255s", name) == 1 && zone_count < ZONES_MAX) {
            zone_items[zone_count++] =
                (struct zone){.domain = keep(name), .records = &records[record_count]};
        } else if (line[0] != '\n') {
            read_record(line);
        }
    }
    fclose(list);
}

static void
read_arguments(int argc, char **argv, struct server_arguments *arguments)
{
    static const struct option options[] = {
        {"check", required_argument, NULL, 'c'},
        {"update", required_argument, NULL, 'u'},
        {"tsig", required_argument, NULL, 't'},
        {"dry-run", no_argument, NULL, 'd'},
        {"remove", no_argument, NULL, 'r'},
        {"json", no_argument, NULL, 'j'},
        {NULL, 0, NULL, 0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'c':
            arguments->check = optarg;
            break;
        case 'u':
            arguments->update = optarg;
            break;
        case 't':
            arguments->tsig_file = optarg;
            break;
        case 'd':
            arguments->dry_run = true;
            break;
        case 'r':
            arguments->remove = true;
            break;
        case 'j':
            arguments->json = true;
            break;
        default:
            exit(3);
        }
    }
}

int
main(int argc, char **argv)
{
    struct server_arguments arguments = {.check = NULL};

    read_arguments(argc, argv, &arguments);
    if (optind != argc - 1) {
        die("usage", "server_driver LIST OPTION...");
    }
    read_list(argv[optind]);
    const struct zones zones = {.count = zone_count, .items = zone_items};
    int status = zone_server_run(&zones, &arguments);
    if (fflush(stdout) != 0) {
        perror("server_driver: standard output");
        status = UCPROV_EXIT_ERROR;
    }
    for (size_t i = 0; i < name_count; i++) {
        free(names[i]);
    }
    return status;
}
