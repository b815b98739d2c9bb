# ucprov-probe: behaves as a phone and says what it sees.
BUILD_PACKAGES += libldns-dev libevent-dev libssl-dev
# Not chrony, though its tests use it where it is: Debian's package displaces systemd's time service.
TEST_PACKAGES += bind9 unbound nginx-light openssl

MANPAGES += $(patsubst phone-probe/%.scd,$(BUILD)/man/%,$(wildcard phone-probe/*.scd))
MANPAGE_DIRS += phone-probe

PROBE_SOURCES := $(wildcard phone-probe/*.c)

# What speaks TLS and HTTP is tls-client's.
$(patsubst %.c,$(BUILD)/obj/%.o,$(PROBE_SOURCES)): CPPFLAGS += -Itls-client

$(eval $(call program,ucprov-probe,$(PROBE_SOURCES),$(LIBUCPROV_CLIENT) $(LIBUCPROV) $(LIBUCPROV_CLIENT_LIBS) -lldns -lm))
$(BUILD)/ucprov-probe: $(LIBUCPROV_CLIENT)
