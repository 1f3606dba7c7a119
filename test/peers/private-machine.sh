#!/bin/sh
# Makes the mount namespace it runs in a machine of its own where actions may do as they like: fresh folders for what they delete
# or change. Runs inside `unshare --net --mount --pid --fork --mount-proc`, and nowhere else.
set -eu
[ "$(readlink /proc/self/ns/mnt)" != "$1" ] && [ $$ -lt 100 ] || { echo 'not in a namespace of its own' >&2; exit 3; }
shift
repo=$PWD
ip link set lo up
mount --bind "$repo" /mnt
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -p "$repo"
mount --bind /mnt "$repo"
cd "$repo"
for folder in /var/tmp /var/log /var/cache/apt /usr/local/bin /etc/init.d /etc/rc0.d /etc/rc1.d /etc/rc2.d /etc/rc3.d /etc/rc4.d /etc/rc5.d /etc/rc6.d; do
  mkdir -p "$folder"
  mount -t tmpfs -o mode=1777 tmpfs "$folder"
done
mkdir -p /var/cache/apt/archives/partial
# Not by exec: the first process of a namespace gets no signal that it does not ask for, not even its own.
"$@" || :
