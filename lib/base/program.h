/* SPDX-License-Identifier: MPL-2.0 */
/* How a program begins, speaks JSON to other programs, and ends: alike for all of ours.
 *
 * With --json there is one document on standard output whatever happens: an object with
 * `"schema": 1`, or, when the program could not do what it was asked to, with that and "error".
 */
#ifndef UCPROV_PROGRAM_H
#define UCPROV_PROGRAM_H

#include <jansson.h>
#include <stdbool.h>

#define UCPROV_JSON_SCHEMA 1 /* what is promised of JSON: ucprov-promises(7) */

/* First thing in main(): looks whether JSON is wanted (-j, --json, --format json), since a command
 * line that is no good cannot be asked. */
void ucprov_program_begin(int argc, char **argv);

/* Prints an object, which it takes, with "schema" in front. False after a complaint: out of memory
 * (the object may be NULL), or a standard output that takes nothing. */
bool ucprov_json_print(const char *program, json_t *object);

/* Says on stderr what is wrong, behind the program's name. */
void ucprov_complain(const char *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The program writes its document itself, piece by piece. */
void ucprov_json_begun(void);

/* Remembers the first thing that went wrong, for "error". ucprov_complain() does so. */
void ucprov_program_note_error(const char *text);

/* Last thing in main(). Prints {"schema", "error"} where JSON is wanted, nothing was printed, and
 * the status is none of success. Returns the status to exit with: 2 after a complaint where
 * standard output could not be written. */
int ucprov_program_end(const char *program, int status);

#endif
