# Fuzz targets (libFuzzer, so clang): one program for each tests/fuzz/NAME_fuzz.c.
#
#   make test-fuzz                    runs each for FUZZ_RUNS inputs or FUZZ_SECONDS
#   make test-fuzz FUZZ_SECONDS=3600 FUZZ_RUNS=-1
#   make fuzz-programs                only builds them, in build/fuzz
FUZZ_TARGETS  := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_RUNS     ?= 200000
FUZZ_SECONDS  ?= 5

# Those that reach for more than libucprov.
$(BUILD)/dhcp_message_fuzz: $(BUILD)/obj/phone-probe/dhcp_message.o
$(BUILD)/sntp_fuzz: $(addprefix $(BUILD)/obj/phone-probe/,sntp.o transport.o)
$(BUILD)/audit_fuzz: $(addprefix $(BUILD)/obj/phone-probe/,audit.o firmware.o transport.o)
$(BUILD)/tsig_fuzz: $(BUILD)/obj/dns-tools/tsig.o $(BUILD)/obj/dns-tools/problem.o
$(BUILD)/tsig_fuzz: LIBUCPROV_LIBS += -lldns
$(BUILD)/soap_request_fuzz: $(BUILD)/obj/ca-publisher/soap_request.o \
    $(BUILD)/obj/ca-publisher/soap_answer.o
$(BUILD)/response_template_fuzz: $(BUILD)/obj/ca-publisher/response_template.o

# These two are for the make that test-fuzz starts: its BUILD is build/fuzz, its CC is clang.
$(BUILD)/%_fuzz: $(BUILD)/obj/tests/fuzz/%_fuzz.o $(LIBUCPROV)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(LIBUCPROV) \
	    $(LIBUCPROV_LIBS)

.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_TARGETS)

.SECONDARY: $(patsubst $(BUILD)/%,$(BUILD)/obj/tests/fuzz/%.o,$(FUZZ_TARGETS))

.PHONY: test-fuzz fuzz-programs
fuzz-programs:
	$(MAKE) BUILD=$(BUILD)/fuzz CC=clang \
	    CFLAGS='-O1 -g -fsanitize=fuzzer-no-link $(FUZZ_SANITIZE)' fuzz-targets

test-fuzz: fuzz-programs
	FUZZ_RUNS=$(FUZZ_RUNS) FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run $(BUILD)/fuzz
