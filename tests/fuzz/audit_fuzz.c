/* SPDX-License-Identifier: MPL-2.0 */
/* Logs of update servers, as ucprov-probe audit reads them. */
#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_text(const char *text)
{
    assert(strnlen(text, AUDIT_FIELD_SIZE) < AUDIT_FIELD_SIZE);
    for (; *text != '\0'; text++) {
        assert(isprint((unsigned char)*text));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct audit audit = {0};

    if (!audit_read(&audit, data, size)) {
        abort(); /* memory is not that short */
    }
    for (size_t i = 0; i < audit.count; i++) {
        const struct audit_entry *phone = audit.phones[i];
        check_text(phone->time);
        check_text(phone->address);
        check_text(phone->mac);
        check_text(phone->serial);
        check_text(phone->model);
        check_text(phone->user);
        assert(phone->mac[0] != '\0' || phone->serial[0] != '\0');
    }
    audit_clear(&audit);
    return 0;
}
