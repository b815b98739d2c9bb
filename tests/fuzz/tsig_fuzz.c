/* The TSIG record of an answer: whatever comes, no crash, and nothing unsigned passes. */
#include <stdlib.h>
#include <string.h>

#include "../../dns-tools/tsig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tsig_algorithm algorithm = {"hmac-sha256", "SHA256", 32};
    struct tsig_key key = {.text = "phones", .algorithm = &algorithm, .secret_length = 16};
    struct tsig_mac request = {.length = 32};
    struct problem problem = {.text = ""};
    memset(key.secret, 'k', key.secret_length);
    ucprov_name_from_text(&key.name, "phones");
    ucprov_name_from_text(&key.algorithm_name, "hmac-sha256");
    if (tsig_verify(&key, "server", data, size, &request, &problem) == 0) {
        abort(); /* nobody but us knows the secret */
    }
    return 0;
}
