# libucprov-client.a: TLS and HTTP as a phone speaks them, for the programs that look at servers. Its
# headers, too, are included as <ucprov/...>.
LIBUCPROV_CLIENT := $(BUILD)/libucprov-client.a
LIBUCPROV_CLIENT_LIBS := -levent_openssl -levent_core -levent_extra -lssl -lcrypto

BUILD_PACKAGES += libevent-dev

$(LIBUCPROV_CLIENT): $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tls-client/*.c))
	rm -f $@
	$(AR) rcs $@ $^
