# make demo: a real Kea with the hook, asked by the probe.
DEMO_PACKAGES += kea-dhcp4-server

.PHONY: demo
demo: packages-demo
	@echo "Building ..."
	@$(MAKE) --no-print-directory -s all
	@demo/run $(BUILD)
