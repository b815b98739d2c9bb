# SPDX-License-Identifier: MPL-2.0
# ucprov-capubd: serves the root chain to phones. ucprov-ca: makes and judges the certificates. Both
# render responses.
BUILD_PACKAGES += libevent-dev libsystemd-dev libseccomp-dev

CA_DAEMON := capubd ca-publisher $(LIBUCPROV)
CA_DAEMON_LIBS := -levent_openssl -levent_core -levent_extra -lssl -lsystemd -lseccomp $(LIBUCPROV_LIBS)
CA_TOOL := ca ca-publisher $(LIBUCPROV_CLIENT)

$(BUILD)/obj/ca-publisher/%.o: CPPFLAGS += -Ica-publisher

$(eval $(call archive,ca-publisher,ca-publisher))
$(eval $(call archive,capubd,ca-publisher/daemon))
$(eval $(call archive,ca,ca-publisher/tool))
$(eval $(call program,ucprov-capubd,ca-publisher/daemon/ucprov_capubd.c,$(CA_DAEMON),$(CA_DAEMON_LIBS)))
$(eval $(call program,ucprov-ca,ca-publisher/tool/ucprov_ca.c,$(CA_TOOL),$(LIBUCPROV_CLIENT_LIBS)))
DAEMONS += $(BUILD)/ucprov-capubd

$(eval $(call manpages,ca-publisher/daemon))
$(eval $(call manpages,ca-publisher/tool))
