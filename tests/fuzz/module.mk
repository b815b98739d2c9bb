# SPDX-License-Identifier: MPL-2.0
# Fuzz targets (libFuzzer, so clang): one program for each tests/fuzz/NAME_fuzz.c.
#
#   make test-fuzz                    runs each for FUZZ_RUNS inputs or FUZZ_SECONDS
#   make test-fuzz FUZZ_SECONDS=3600 FUZZ_RUNS=-1
#   make fuzz-programs                only builds them, in build/fuzz
FUZZ_TARGETS  := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_RUNS     ?= 200000
FUZZ_SECONDS  ?= 10

$(BUILD)/obj/tests/fuzz/%.o: CPPFLAGS += -Iphone-probe -Ica-publisher

FUZZ_ARCHIVES := phone-probe capubd ca-publisher $(LIBUCPROV_CLIENT)

$(BUILD)/%_fuzz: $(BUILD)/obj/tests/fuzz/%_fuzz.o $(FUZZ_ARCHIVES:%=$(BUILD)/%.a)
	$(call say,LINK)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ -lm -lsystemd -lseccomp \
	    $(LIBUCPROV_CLIENT_LIBS)

.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_TARGETS)

.SECONDARY: $(patsubst $(BUILD)/%,$(BUILD)/obj/tests/fuzz/%.o,$(FUZZ_TARGETS))

.PHONY: test-fuzz fuzz-programs
fuzz-programs:
	+$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang \
	    CFLAGS='-O1 -g -fsanitize=fuzzer-no-link $(FUZZ_SANITIZE)' fuzz-targets

test-fuzz: fuzz-programs
	FUZZ_RUNS=$(FUZZ_RUNS) FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run $(BUILD)/fuzz
