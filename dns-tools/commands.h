/* The two ways of acting on a server. Internal to act_run(). */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "act.h"
#include "client/dns_client.h"

/* Prints one problem on stderr, with the name of the program. */
void act_complain(const struct problem *problem);

/* Each prints its results and problems, and returns the exit status. */
int check_run(const struct zones *zones, struct server *server,
              const struct act_arguments *arguments);
int update_run(const struct zones *zones, struct server *server,
               const struct act_arguments *arguments);

#endif
