// The script that reads a Linux device's inventory: every few hours, so it may use the system's tools, each with a limit of time.

import { UPKEEP_SCRIPT } from './upkeep-script.ts';

/**
 * Files of /sys are read with the shell's `read`: an unreadable one (a serial number without root) prints nothing, and that is unknown.
 * Local users come from /etc/passwd, not from a directory that may hold a hundred thousand.
 */
export const linuxColdScript = (nonce: string): string => `\
# rmm cold linux 1
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077
n=${nonce}
has() {
  command -v "$1" >/dev/null
}
limited() {
  s=$1
  shift
  if has timeout; then timeout "$s" "$@" </dev/null; else "$@" </dev/null; fi
}
value() {
  [ -r "$2" ] && IFS= read -r l <"$2" && echo "$1 $l"
}
keys() {
  [ -r "$1" ] || return
  while IFS= read -r l; do
    case $l in
    model\\ name* | Hardware* | MemTotal:* | nameserver\\ * | E:ID_SERIAL_SHORT=*) echo "$l" ;;
    esac
  done <"$1"
}
file() {
  [ -r "$1" ] && while IFS= read -r l; do echo "$l"; done <"$1"
}
system() {
  echo "$n os-release"
  if [ -r /etc/os-release ]; then file /etc/os-release; else file /usr/lib/os-release; fi
  echo "$n kernel"
  uname -s
  uname -r
  uname -m
  echo "$n host"
  value hostname /proc/sys/kernel/hostname
  value timezone /etc/timezone
  echo "localtime $(readlink /etc/localtime)"
  echo "$n cpu"
  for d in /sys/devices/system/cpu/cpu[0-9]*; do
    p=
    c=
    [ -r "$d/topology/core_id" ] && read -r p <"$d/topology/physical_package_id" && read -r c <"$d/topology/core_id" && echo "cpu $p $c"
  done
  if has lscpu; then limited 5 lscpu; else keys /proc/cpuinfo; fi
  echo "$n memory"
  keys /proc/meminfo
  echo "$n dmi"
  for f in sys_vendor product_name product_version product_serial chassis_type bios_vendor bios_version bios_date; do
    value $f /sys/class/dmi/id/$f
  done
  value board /proc/device-tree/model
}
disks() {
  echo "$n disks"
  for d in /sys/block/*; do
    case \${d##*/} in
    loop* | ram* | zram* | fd[0-9]* | sr[0-9]* | dm-* | md[0-9]* | nvme*c*n*) continue ;;
    esac
    [ -r "$d/size" ] || continue
    echo "disk \${d##*/}"
    value size "$d/size"
    value model "$d/device/model"
    value vendor "$d/device/vendor"
    value serial "$d/device/serial"
    value serial "$d/serial"
    value rotational "$d/queue/rotational"
    value removable "$d/removable"
    value readonly "$d/ro"
    l=
    [ -r "$d/dev" ] && read -r l <"$d/dev" && keys "/run/udev/data/b$l"
    for p in "$d/\${d##*/}"*; do
      [ -r "$p/partition" ] && echo "partition \${p##*/}" && value partsize "$p/size"
    done
  done
}
network() {
  echo "$n links"
  for d in /sys/class/net/*; do
    case \${d##*/} in lo | veth* | ifb* | dummy* | cali* | lxc*) continue ;; esac
    [ -r "$d/address" ] || continue
    echo "link \${d##*/}"
    value mac "$d/address"
    value mtu "$d/mtu"
    value state "$d/operstate"
  done
  if has ip; then
    echo "$n addresses"
    limited 5 ip -o addr
    echo "$n routes"
    limited 5 ip route show default
    limited 5 ip -6 route show default
  elif has ifconfig; then
    echo "$n ifconfig"
    limited 5 ifconfig -a
    echo "$n proc-routes"
    file /proc/net/route
  fi
  echo "$n dns"
  if [ -r /run/systemd/resolve/resolv.conf ]; then keys /run/systemd/resolve/resolv.conf; else keys /etc/resolv.conf; fi
}
software() {
  if has dpkg-query; then
    echo "$n dpkg"
    # shellcheck disable=SC2016
    limited 20 dpkg-query -W -f '\${db:Status-Abbrev}\\t\${Package}\\t\${Version}\\t\${Architecture}\\n'
  elif has rpm; then
    echo "$n rpm"
    limited 20 rpm -qa --qf '%{NAME}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\t%{ARCH}\\n'
  elif [ -r /lib/apk/db/installed ]; then
    echo "$n apk"
    limited 10 grep -E '^[PVA]:' /lib/apk/db/installed
  elif has pacman; then
    echo "$n pacman"
    limited 10 pacman -Q
  fi
  [ -r /etc/passwd ] && echo "$n users" && file /etc/passwd
  if [ -d /run/systemd/system ] && has systemctl; then
    echo "$n services"
    limited 10 systemctl list-units --type=service --all --no-legend --no-pager --plain
  fi
}
ports() {
  if has ss; then
    echo "$n ss"
    limited 10 ss -ltnup
  else
    for f in tcp tcp6 udp udp6; do
      [ -r "/proc/net/$f" ] && echo "$n proc-$f" && file "/proc/net/$f"
    done
  fi
}
${UPKEEP_SCRIPT}main() {
  echo
  echo "$n begin 1 linux"
  system
  disks
  network
  software
  ports
  restart
  certificates
  updates
  echo "$n end"
}
main 2>/dev/null
exit 0
`;
