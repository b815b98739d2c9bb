# libucprov: site model, domain names, option formats, lint. No Kea, no sockets, no TLS.
LIBUCPROV := $(BUILD)/libucprov.a
LIBUCPROV_LIBS := -lconfig -ljansson -lexpat -lcrypto
LIBUCPROV_SOURCES := $(wildcard lib/*.c)

BUILD_PACKAGES += build-essential pkg-config libconfig-dev libjansson-dev libexpat1-dev libssl-dev scdoc

MANPAGES += $(patsubst lib/%.scd,$(BUILD)/man/%,$(wildcard lib/*.scd))
MANPAGE_DIRS += lib

$(LIBUCPROV): $(patsubst %.c,$(BUILD)/obj/%.o,$(LIBUCPROV_SOURCES))
	rm -f $@
	$(AR) rcs $@ $^
