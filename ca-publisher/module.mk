# ucprov-capubd: serves the root chain to phones. ucprov-ca: makes and judges the certificates.
BUILD_PACKAGES += libevent-dev libexpat1-dev libsystemd-dev libseccomp-dev

# What both are made of; then what is the certificate tool's alone; the rest is the daemon's.
CA_SHARED := $(wildcard $(addprefix ca-publisher/,response_template.c secret_file.c))
CA_TOOL   := $(wildcard ca-publisher/ca_*.c ca-publisher/ucprov_ca.c)
CA_DAEMON := $(filter-out $(CA_SHARED) $(CA_TOOL),$(wildcard ca-publisher/*.c))

MANPAGES += $(patsubst ca-publisher/%.scd,$(BUILD)/man/%,$(wildcard ca-publisher/*.scd))
MANPAGE_DIRS += ca-publisher

CA_DAEMON_LIBS := -levent_openssl -levent_core -levent_extra -lssl -lcrypto -lsystemd -lseccomp

$(eval $(call program,ucprov-capubd,$(CA_DAEMON) ca-publisher/response_template.c,$(CA_DAEMON_LIBS)))

# certtool (gnutls-bin) and openssl: independent readers and makers of certificates; the servers that
# ucprov-ca check is tried on.
TEST_PACKAGES += gnutls-bin openssl

# The client archive needs libucprov, too, which therefore stands behind it once more.
$(eval $(call program,ucprov-ca,$(CA_TOOL) $(CA_SHARED),$(LIBUCPROV_CLIENT) $(LIBUCPROV) $(LIBUCPROV_CLIENT_LIBS)))
$(BUILD)/ucprov-ca: $(LIBUCPROV_CLIENT)
DAEMONS += $(BUILD)/ucprov-capubd
