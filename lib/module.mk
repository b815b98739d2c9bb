# SPDX-License-Identifier: MPL-2.0
# libucprov.a: names, option formats, the site file, certificates. No Kea, no sockets, no TLS.
# libucprov-client.a: looking at other people's servers: HTTP and TLS as a phone speaks them, DNS.
# Each folder includes only those named before it, and lib/client/ all.
LIBUCPROV := libucprov
LIBUCPROV_LIBS := -lconfig -ljansson -lexpat -lcrypto

LIBUCPROV_CLIENT := libucprov-client $(LIBUCPROV)
LIBUCPROV_CLIENT_LIBS := -lcurl -lldns -lssl $(LIBUCPROV_LIBS)

BUILD_PACKAGES += build-essential pkg-config libconfig-dev libjansson-dev libexpat1-dev libssl-dev \
    libcurl4-openssl-dev libldns-dev scdoc

$(eval $(call archive,libucprov,lib/base lib/option lib/site lib/certificate))
$(eval $(call archive,libucprov-client,lib/client))
$(eval $(call manpages,lib/base))
$(eval $(call manpages,lib/site))
