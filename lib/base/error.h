/* SPDX-License-Identifier: MPL-2.0 */
/* Error codes of libucprov.
 *
 * Functions that can fail return 0 or one of these negative codes. ucprov_strerror() gives the
 * clause that belongs behind the offending value in a message: `"a..b": empty label between two
 * dots`.
 */
#ifndef UCPROV_ERROR_H
#define UCPROV_ERROR_H

enum ucprov_error {
    UCPROV_OK = 0,

    /* Size. */
    UCPROV_ETOOLONG = -1000, /* does not fit in the 253 octets an option may have */
    UCPROV_ERANGE,           /* a number outside its range */

    /* Domain names as text (RFC 1035 2.3.1, RFC 1123 2.1, RFC 5890). */
    UCPROV_ENAME_EMPTY,         /* no name at all */
    UCPROV_ENAME_EMPTY_LABEL,   /* two dots in a row, or a leading dot */
    UCPROV_ENAME_TRAILING_DOT,  /* a dot at the end */
    UCPROV_ENAME_LABEL_LONG,    /* a label of more than 63 octets */
    UCPROV_ENAME_LONG,          /* more than 253 characters */
    UCPROV_ENAME_CHARACTER,     /* something else than letters, digits, hyphen, underscore */
    UCPROV_ENAME_HYPHEN,        /* a label that begins or ends with a hyphen */
    UCPROV_ENAME_NON_ASCII,     /* needs to be written as A-labels */
    UCPROV_ENAME_NOT_QUALIFIED, /* one label where a fully qualified name is needed */
    UCPROV_ENAME_ADDRESS,       /* an IPv4 address where a name is needed */

    /* Octets received. */
    UCPROV_EWIRE_SHORT,     /* ends before a length it gives itself */
    UCPROV_EWIRE_POINTER,   /* compression pointer not to an earlier place (RFC 1035 4.1.4) */
    UCPROV_EWIRE_LABEL,     /* label type 01 or 10 */
    UCPROV_EWIRE_NAME_LONG, /* name of more than 255 octets */
    UCPROV_EWIRE_TRAILING,  /* octets left over */
    UCPROV_EWIRE_EMPTY,     /* no octets where at least one is needed */
    UCPROV_EWIRE_VALUE,     /* a value that the option does not allow */
};

/* The sentence for an error code; never NULL, static. */
const char *ucprov_strerror(int error);

#endif
