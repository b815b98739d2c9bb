/* SPDX-License-Identifier: MPL-2.0 */
/* SNTP answers: whatever comes, no crash, and no time without a server's word for it. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "steps/sntp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sntp_answer answer;
    uint64_t nonce = 0;

    for (size_t i = 24; i < 32 && i < size; i++) { /* as if it were the answer to our question */
        nonce = nonce << 8 | data[i];
    }
    enum sntp_fault fault = sntp_answer_parse(&answer, data, size, nonce);
    assert(strnlen(answer.kiss, sizeof(answer.kiss)) < sizeof(answer.kiss));
    assert((fault == SNTP_FAULT_SHORT) == (size < SNTP_MESSAGE_SIZE));
    assert((fault == SNTP_FAULT_KISS) == (answer.kiss[0] != '\0'));
    if (fault == SNTP_SOUND) {
        assert(answer.stratum >= 1 && answer.stratum <= 15 && answer.transmit != 0);
        assert(isfinite(sntp_offset(&answer, 0, 1)));
        assert(sntp_delay(&answer, 0, 1) >= 0);
    }
    assert(sntp_answer_parse(&answer, data, size, nonce + 1) != SNTP_SOUND);
    return 0;
}
