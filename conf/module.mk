# What an operator copies: a sample site file, and fragments for Kea and AppArmor.
SAMPLES := conf/ucprov.conf conf/kea-dhcp4-hook.json conf/apparmor-kea-dhcp4
