# Unit tests (cmocka): one program for each tests/unit/NAME_test.c, linked with libucprov alone.
#
#   make test-unit       builds and runs all of them
#   make test-unit-asan  the same in build/asan, with AddressSanitizer and UBSan
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*_test.c))
UNIT_SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
    -fno-omit-frame-pointer

TEST_PACKAGES += libcmocka-dev

$(BUILD)/tests/%_test: $(BUILD)/obj/tests/unit/%_test.o $(LIBUCPROV)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(LIBUCPROV_LIBS)

.SECONDARY: $(patsubst $(BUILD)/tests/%,$(BUILD)/obj/tests/unit/%.o,$(UNIT_TESTS))

.PHONY: test-unit test-unit-asan
test-unit: $(UNIT_TESTS)
	tests/unit/run $^

test-unit-asan:
	$(MAKE) BUILD=$(BUILD)/asan \
	    CFLAGS='$(UNIT_SANITIZE)' CXXFLAGS='$(UNIT_SANITIZE)' test-unit
