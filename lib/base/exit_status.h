/* SPDX-License-Identifier: MPL-2.0 */
/* What programs tell programs when they end; as in the manual pages. */
#ifndef UCPROV_EXIT_STATUS_H
#define UCPROV_EXIT_STATUS_H

enum ucprov_exit_status {
    UCPROV_EXIT_OK = 0,      /* there may be warnings */
    UCPROV_EXIT_FINDING = 1, /* a finding, or a refusal */
    UCPROV_EXIT_ERROR = 2,   /* wrong usage, or it could not run */
    UCPROV_EXIT_PENDING = 3, /* nothing is wrong, but changes are to be made */
};

#endif
