# ucprov-capubd: serves the root chain to phones. ucprov-ca: makes and judges the certificates.
BUILD_PACKAGES += libevent-dev libexpat1-dev libsystemd-dev libseccomp-dev

# What is the certificate tool's; the rest is the daemon's. Both render templates.
CA_TOOL   := $(wildcard ca-publisher/ca_*.c) $(addprefix ca-publisher/,ucprov_ca.c secret_file.c)
CA_DAEMON := $(filter-out $(CA_TOOL),$(wildcard ca-publisher/*.c))

$(eval $(call program,ucprov-capubd,$(CA_DAEMON),\
    -levent_openssl -levent_core -levent_extra -lssl -lsystemd -lseccomp,))
$(eval $(call program,ucprov-ca,$(CA_TOOL) ca-publisher/response_template.c,\
    $(LIBUCPROV_CLIENT_LIBS),$(LIBUCPROV_CLIENT)))
DAEMONS += $(BUILD)/ucprov-capubd

MANPAGES += $(patsubst ca-publisher/%.scd,$(BUILD)/man/%,$(wildcard ca-publisher/*.scd))
MANPAGE_DIRS += ca-publisher
