#!/bin/sh
# Runs once, at the end of building the root file system ($1) that all hosts of all labs share.
set -eu
root=$1

# As on cloud images: one operator whose sudo asks nothing, one whose sudo asks for a password.
chroot "$root" useradd --create-home --shell /bin/bash ops
chroot "$root" useradd --create-home --shell /bin/bash opspw
echo 'opspw:correct horse' | chroot "$root" chpasswd
printf 'ops ALL=(ALL) NOPASSWD: ALL\nopspw ALL=(ALL) ALL\n' >"$root/etc/sudoers.d/lab"
chmod 0440 "$root/etc/sudoers.d/lab"

# Every host gets keys and an identity of its own at its first boot.
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/machine-id" "$root/var/lib/dbus/machine-id"
printf 'UseDNS no\nMaxStartups 100\nHostKey /etc/ssh/ssh_host_ed25519_key\n' >"$root/etc/ssh/sshd_config.d/lab.conf"
mkdir -p "$root/var/log/journal"

# The lab gives out the addresses; consoles and timers only cost time.
for unit in systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service \
  systemd-resolved.service systemd-timesyncd.service console-getty.service getty@.service \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer man-db.timer logrotate.timer; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
