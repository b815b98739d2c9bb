/* SPDX-License-Identifier: MPL-2.0 */
/* A server's certificate, as the phone judges it, made into a check. */
#ifndef PROBE_SERVER_CERTIFICATE_H
#define PROBE_SERVER_CERTIFICATE_H

#include "client/tls_client.h"
#include "phone.h"

/* What came of looking at a server, or at all those that have a name, before it is made a check.
 * All zero: nothing was wrong yet. */
struct server_judgment {
    bool is_update; /* it is an update that fails: the phone's screen shows a status then */
    enum ucprov_severity severity; /* UCPROV_SKIP: nothing was wrong */
    char *text;                    /* NULL as long as nothing was wrong */
    char *remedy;                  /* likewise */
};

/* Keeps the worse of the two, and frees the other; the first of equals stays. */
void judgment_worsen(struct server_judgment *judgment, enum ucprov_severity severity, char *text,
                     char *remedy);

/* What a server's handshake that failed comes to. `who`: "10.1.1.10 port 443". */
void judgment_of_handshake(struct server_judgment *judgment, const char *who,
                           const struct tls_result *view);

/* Judges what the server sent with what the phone knows: its chain, its clock, the names that it
 * must be good for. Nothing is added when it is fine. The findings go to
 * phone->learned.certificates under `key`. */
void judgment_of_certificate(struct server_judgment *judgment, struct phone *phone, const char *key,
                             const char *who, const struct tls_result *view,
                             const char *const *names, size_t count);

/* Adds a check of a certificate with which nothing is wrong: it passes where the phone's roots are
 * known; where not, half of the question is open. `text` becomes the check's. */
void check_good(struct phone *phone, enum check check, char *text);

/* "10.1.1.10 port 443"; server_text() has it in memory of the block that it stands in. */
#define SERVER_TEXT_SIZE    (INET_ADDRSTRLEN + sizeof(" port 65535"))
#define server_text(server) server_write((char[SERVER_TEXT_SIZE]){""}, server)
const char *server_write(char text[SERVER_TEXT_SIZE], const struct sockaddr_in *server);

/* " (its screen says 0x2F0D/0)", "should say" where no phone has been seen to; or "": the phone
 * shows nothing that is known. For updates alone. screen_text(): likewise. */
#define SCREEN_TEXT_SIZE         64
#define screen_text(phone_error) screen_write((char[SCREEN_TEXT_SIZE]){""}, phone_error)
const char *screen_write(char text[SCREEN_TEXT_SIZE], unsigned phone_error);

#endif
