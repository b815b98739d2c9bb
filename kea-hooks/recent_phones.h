/* SPDX-License-Identifier: MPL-2.0 */
/* How many phones asked lately: what an administrator wants to know before and after a fail-over.
 *
 * A table of fixed size, written by packet threads without a lock: one hash, a look at four slots,
 * one store. Under pressure the oldest phone of a bucket is forgotten, so that a count is never too
 * high, and exact as long as there are far fewer phones than slots.
 */
#ifndef RECENT_PHONES_H
#define RECENT_PHONES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RECENT_PHONES_MINUTES 60

/* What stands for a vlan's name in the table; computed when the policy is built. */
uint16_t recent_phones_tag(const char *vlan);

/* A phone of a vlan, by its hardware address, asked now. Thread-safe. */
void recent_phones_note(uint16_t tag, const uint8_t *hardware_address, size_t length);

/* Phones of a vlan that asked within the last hour. */
size_t recent_phones_count(uint16_t tag);

#ifdef __cplusplus
}
#endif

#endif
