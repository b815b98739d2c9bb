/* SPDX-License-Identifier: MPL-2.0 */
/* A lossy hash table of who asked in the last hour. It may count too few, never too many, and it
 * survives a reload, since it knows vlans by a tag of their names. */
#include "recent_phones.h"

#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"

#define SLOTS          (1U << 16) /* 512 KiB, touched only as far as there are phones */
#define SLOTS_A_BUCKET 4

/* A slot: vlan's tag (16 bits), phone's hash (32 bits), minute (16 bits, in which it asked). 0 is
 * free: minutes start at 1. */
static _Atomic uint64_t slots[SLOTS];

static uint64_t
hash_of(const void *octets, size_t length)
{
    uint64_t hash = 14695981039346656037U; /* FNV-1a, 64 bit */
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ ((const uint8_t *)octets)[i]) * 1099511628211U;
    }
    return hash ^ hash >> 32; /* the low bits choose the bucket */
}

/* Wraps every 45 days, when a phone not seen for exactly that long counts as seen: no harm. */
static uint16_t
minute_now(void)
{
    return (uint16_t)(ucprov_clock_tick_ms() / 60000 + 1);
}

static uint16_t
age(uint64_t slot, uint16_t minute)
{
    return (uint16_t)(minute - (uint16_t)slot);
}

uint16_t
recent_phones_tag(const char *vlan)
{
    return (uint16_t)hash_of(vlan, strlen(vlan));
}

void
recent_phones_note(uint16_t tag, const uint8_t *hardware_address, size_t length)
{
    uint64_t hash = hash_of(hardware_address, length);
    uint64_t phone = (uint64_t)tag << 48 | (hash >> 32) << 16;
    uint16_t minute = minute_now();
    _Atomic uint64_t *bucket = &slots[(hash + tag) % SLOTS / SLOTS_A_BUCKET * SLOTS_A_BUCKET];
    _Atomic uint64_t *place = bucket;
    for (size_t i = 0; i < SLOTS_A_BUCKET; i++) {
        uint64_t slot = atomic_load_explicit(&bucket[i], memory_order_relaxed);
        if (slot == 0 || slot >> 16 == phone >> 16) {
            place = &bucket[i];
            break;
        }
        uint64_t oldest = atomic_load_explicit(place, memory_order_relaxed);
        if (age(slot, minute) > age(oldest, minute)) {
            place = &bucket[i];
        }
    }
    atomic_store_explicit(place, phone | minute, memory_order_relaxed);
}

size_t
recent_phones_count(uint16_t tag)
{
    size_t count = 0;
    uint16_t minute = minute_now();
    for (size_t i = 0; i < SLOTS; i++) {
        uint64_t slot = atomic_load_explicit(&slots[i], memory_order_relaxed);
        count +=
            slot != 0 && (uint16_t)(slot >> 48) == tag && age(slot, minute) < RECENT_PHONES_MINUTES;
    }
    return count;
}
