/* SPDX-License-Identifier: MPL-2.0 */
/* The clause for each error code. The switch has no default, so that the compiler warns of a code
 * that was added without its words. */
#include "base/error.h"

const char *
ucprov_strerror(int error)
{
    switch ((enum ucprov_error)error) {
    case UCPROV_OK:
        return "no error";
    case UCPROV_ETOOLONG:
        return "does not fit in the 253 octets of one option";
    case UCPROV_ERANGE:
        return "outside the range that is allowed";
    case UCPROV_ENAME_EMPTY:
        return "empty: a domain name is needed";
    case UCPROV_ENAME_EMPTY_LABEL:
        return "empty label between two dots or before the first";
    case UCPROV_ENAME_TRAILING_DOT:
        return "ends with a dot: leave it out";
    case UCPROV_ENAME_LABEL_LONG:
        return "a label is longer than 63 octets";
    case UCPROV_ENAME_LONG:
        return "longer than the 253 characters of a domain name";
    case UCPROV_ENAME_CHARACTER:
        return "only letters, digits, hyphens and underscores may be in a label";
    case UCPROV_ENAME_HYPHEN:
        return "a label begins or ends with a hyphen";
    case UCPROV_ENAME_NON_ASCII:
        return "not ASCII: write it as A-labels (xn--...)";
    case UCPROV_ENAME_NOT_QUALIFIED:
        return "a single label: write the fully qualified name, with its domain";
    case UCPROV_ENAME_ADDRESS:
        return "an IPv4 address: write a host name";
    case UCPROV_EWIRE_SHORT:
        return "ends before a length that it gives itself";
    case UCPROV_EWIRE_POINTER:
        return "a compression pointer does not point to an earlier name";
    case UCPROV_EWIRE_LABEL:
        return "a label of a type that does not exist";
    case UCPROV_EWIRE_NAME_LONG:
        return "a name of more than 255 octets";
    case UCPROV_EWIRE_TRAILING:
        return "octets are left over at the end";
    case UCPROV_EWIRE_EMPTY:
        return "no octets at all";
    case UCPROV_EWIRE_VALUE:
        return "a value that the option does not allow";
    }
    return "unknown error";
}
