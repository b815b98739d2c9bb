# SPDX-License-Identifier: MPL-2.0
# make demo: a phone boots, from power-on to sign-in, in a network of its own. BREAK=... breaks a piece.
DEMO_PACKAGES += kea-dhcp4-server bind9 nginx-light openssl python3 iproute2 util-linux

.PHONY: demo
demo: deps-demo
	+$(Q)$(MAKE) --no-print-directory all
	@BREAK=$(BREAK) demo/run $(BUILD)
