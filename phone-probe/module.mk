# ucprov-probe: behaves as a phone and says what it sees.
BUILD_PACKAGES += libldns-dev
TEST_PACKAGES += bind9 unbound nginx-light openssl

$(eval $(call program,ucprov-probe,$(wildcard phone-probe/*.c),\
    $(LIBUCPROV_CLIENT_LIBS) -lldns -lm,$(LIBUCPROV_CLIENT)))

MANPAGES += $(patsubst phone-probe/%.scd,$(BUILD)/man/%,$(wildcard phone-probe/*.scd))
MANPAGE_DIRS += phone-probe
