/* SPDX-License-Identifier: MPL-2.0 */
/* The messages that change a zone (RFC 2136). */
#ifndef UPDATE_MESSAGE_H
#define UPDATE_MESSAGE_H

#include "rrset_change.h"

/* Some changes of one zone; borrowed. */
struct changes {
    const struct rrset_change *items;
    size_t count;
};

enum update_message_result {
    UPDATE_MESSAGE_MADE,
    UPDATE_MESSAGE_TOO_LONG,
    UPDATE_MESSAGE_NO_MEMORY
};

/* Makes the message of some changes, on the condition that each record set is as it was found;
 * `message` is the caller's. */
enum update_message_result update_message_make(const struct changes *changes, ldns_pkt **message);

#endif
