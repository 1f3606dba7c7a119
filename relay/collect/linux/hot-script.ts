// The script that reads a Linux device's counters: POSIX sh, the `read` builtin instead of tools, so that a poll costs a few milliseconds.

/**
 * Its first line names it, for whoever finds it in a shell's log.
 * Filesystems are asked for by mount point, one per block device, local kinds only: a dead file server can then not hold df,
 * and busybox, whose df lacks -l, needs no other way. The root is asked for whatever its kind is, so that a container has one too.
 * A file that is mounted (a container's /etc/hosts) is no filesystem. Disks are whole ones: mappings and arrays would count their bytes twice, loops and RAM disks are none.
 * All of it is printed at once: sshd makes a packet of each line that a builtin prints, and reading sixty of them costs the relay a third of a poll.
 * `systemctl show` asks the manager for one number instead of a list of all units.
 */
export const linuxHotScript = (nonce: string): string => `\
# rmm hot linux 1
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077
set -f
n=${nonce}
line() {
  [ -r "$2" ] && IFS= read -r l <"$2" && echo "$n $1" && echo "$l"
}
some() {
  [ -r "$2" ] || return
  while read -r k l; do
    case $k in some) echo "$1 $l" ;; esac
  done <"$2"
}
limited() {
  s=$1
  shift
  if command -v timeout >/dev/null; then timeout "$s" "$@"; else "$@"; fi
}
mounts() {
  set --
  seen=' '
  i=0
  while read -r dev dir kind l; do
    case $kind in
    ext[234] | xfs | btrfs | zfs | f2fs | jfs | reiserfs | bcachefs | nilfs2 | ubifs | jffs2 | vfat | exfat | ntfs | ntfs3 | fuseblk | hfsplus | ufs) ;;
    rootfs) continue ;;
    *) [ "$dir" = / ] || continue ;;
    esac
    case $seen in *" $dev "*) continue ;; esac
    case $dir in
    *%*\\\\* | *\\\\*%*) continue ;;
    *\\\\*)
      # shellcheck disable=SC2059
      dir=$(printf "$dir")
      ;;
    esac
    [ -d "$dir" ] || continue
    seen="$seen$dev "
    i=$((i + 1))
    if [ "$i" -gt 64 ]; then
      echo "$n more-filesystems"
      break
    fi
    set -- "$@" "$dir"
  done </proc/mounts
  echo "$n df"
  limited 5 df -Pk "$@" </dev/null
}
sensors() {
  echo "$n sensors"
  set +f
  i=0
  for f in /sys/class/hwmon/hwmon*/temp*_input; do
    d=\${f%/*}
    k=
    l=
    IFS= read -r t <"$f" || continue
    IFS= read -r k <"$d/name"
    [ -r "\${f%_input}_label" ] && IFS= read -r l <"\${f%_input}_label"
    [ "$l" ] || l=\${f##*/}
    echo "$t $k $l"
    i=$((i + 1))
    [ "$i" -lt 64 ] || break
  done
  set -f
}
main() {
  echo
  echo "$n begin 1 linux"
  line uptime /proc/uptime
  if [ -r /proc/stat ]; then
    echo "$n stat"
    while read -r k l; do
      case $k in cpu | btime | procs_running | procs_blocked) echo "$k $l" ;; esac
    done </proc/stat
  fi
  if [ -r /proc/net/dev ]; then
    echo "$n net"
    i=
    while read -r l; do
      case $l in
      lo:* | veth* | ifb* | dummy* | cali* | lxc* | tunl0:* | gre0:* | gretap0:* | erspan0:* | sit0:* | ip6tnl0:* | ip6gre0:* | ip_vti0:* | ip6_vti0:*) ;;
      *:*)
        echo "$l"
        i="$i \${l%%:*}"
        ;;
      esac
    done </proc/net/dev
    echo "$n speeds"
    # One that is down, or that has none, refuses the reading.
    for d in $i; do
      [ -r "/sys/class/net/$d/speed" ] && IFS= read -r l <"/sys/class/net/$d/speed" && echo "$d $l"
    done
  fi
  if [ -r /proc/diskstats ]; then
    echo "$n disks"
    while read -r _ _ d l; do
      case $d in
      loop* | ram* | zram* | fd[0-9]* | sr[0-9]* | dm-* | md[0-9]* | nvme*c*n*) continue ;;
      */*) ;;
      *) [ ! -d /sys/block ] || [ -e "/sys/block/$d" ] || continue ;;
      esac
      echo "$d $l"
    done </proc/diskstats
  fi
  line loadavg /proc/loadavg
  line boot /proc/sys/kernel/random/boot_id
  if [ -r /proc/meminfo ]; then
    echo "$n meminfo"
    while read -r k l; do
      case $k in MemTotal: | MemAvailable: | Buffers: | Cached: | SReclaimable: | SwapTotal: | SwapFree:) echo "$k $l" ;; esac
    done </proc/meminfo
  fi
  echo "$n pressure"
  some cpu /proc/pressure/cpu
  some memory /proc/pressure/memory
  some io /proc/pressure/io
  sensors
  [ -r /proc/mounts ] && mounts
  if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
    echo "$n failed"
    limited 2 systemctl show --property=NFailedUnits </dev/null
  fi
  echo "$n end"
}
o=$(main 2>/dev/null)
printf '%s\\n' "$o"
exit 0
`;
