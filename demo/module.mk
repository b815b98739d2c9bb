# make demo: a real Kea with the hook, asked by the probe, and a real BIND with the records.
DEMO_PACKAGES += kea-dhcp4-server bind9

.PHONY: demo
demo: packages-demo
	@echo "Building ..."
	@$(MAKE) --no-print-directory -s all
	@demo/run $(BUILD)
