#include "act.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>

#include "commands.h"

void
act_complain(const struct problem *problem)
{
    fprintf(stderr, "ucprov-zone: %s\n", problem->text);
}

static int
run(const struct zones *zones, const struct act_arguments *arguments, struct tsig_key *key)
{
    struct problem problem = {.text = ""};
    struct server server;
    const char *name = arguments->check != NULL ? arguments->check : arguments->update;

    if (arguments->tsig_file != NULL) {
        int failed = tsig_key_load(key, arguments->tsig_file, &problem);
        if (failed != STATUS_FINE) {
            act_complain(&problem);
            return failed;
        }
    }
    int status = server_resolve(&server, name, arguments->tsig_file != NULL ? key : NULL, &problem);
    if (status != STATUS_FINE) {
        act_complain(&problem);
    } else if (arguments->check != NULL) {
        status = check_run(zones, &server, arguments);
    } else {
        status = update_run(zones, &server, arguments);
    }
    if (fflush(stdout) != 0) {
        perror("ucprov-zone: standard output");
        status = STATUS_FAILED;
    }
    return status;
}

int
act_run(const struct zones *zones, const struct act_arguments *arguments)
{
    struct tsig_key key;

    signal(SIGPIPE, SIG_IGN); /* a closed connection is an error of its own, not the end of us */
    assert((arguments->check != NULL) != (arguments->update != NULL));
    int status = run(zones, arguments, &key);
    tsig_key_clear(&key);
    return status;
}
