// What a Linux machine says of its health and of itself.
import { posixScript, type ScriptOf } from '#relay/execute/actions/action-script.ts';
import { POSIX_PRELUDE } from '#relay/execute/actions/posix-prelude.ts';

/** 90 % of a disk, 5 % of memory, 2 processes per core: where people begin to look. Names of mounts may hold anything: they come last. */
const HEALTH = `${POSIX_PRELUDE}
wrong=0
note() { wrong=$((wrong + 1)); printf 'WARN %s\\n' "$*"; }
ok() { printf 'ok   %s\\n' "$*"; }
cores=$(grep -c '^processor' /proc/cpuinfo 2>/dev/null || echo 1)
read -r load _ </proc/loadavg
if awk "BEGIN { exit !($load > 2 * $cores) }"; then note "load $load on $cores cores"; else ok "load $load on $cores cores"; fi
memory=$(awk '/^MemTotal:/ { all = $2 } /^MemAvailable:/ { free = $2 } END { if (all) printf "%d", 100 * free / all }' /proc/meminfo)
if [ "\${memory:-100}" -lt 5 ]; then note "memory $memory % available"; else ok "memory \${memory:-?} % available"; fi
df -Pk -x tmpfs -x devtmpfs -x overlay -x squashfs 2>/dev/null >/dev/null && only='-x tmpfs -x devtmpfs -x squashfs'
# shellcheck disable=SC2086
disks=$(df -Pk \${only:-} 2>/dev/null | awk 'NR > 1 && $2 > 0 { sub(/%/, "", $5); print $5, $6 }')
full=$(printf '%s\\n' "$disks" | awk '$1 >= 90')
if [ -n "$full" ]; then note "disks at 90 % or more: $(printf '%s' "$full" | awk '{ printf "%s%s %s %%", NR > 1 ? ", " : "", $2, $1 }')"
else ok "disks below 90 %"; fi
if has_systemd; then
  failed=$(systemctl list-units --failed --plain --no-legend 2>/dev/null | awk '{ print $1 }' | tr '\\n' ' ')
  if [ -n "$failed" ]; then note "failed services: $failed"; else ok 'no failed services'; fi
fi
if [ -e /var/run/reboot-required ]; then note 'a reboot is wanted'; fi
readonly_mounts=$(awk '$3 ~ /^(ext[234]|xfs|btrfs)$/ && $4 ~ /(^|,)ro(,|$)/ { print $2 }' /proc/mounts | tr '\\n' ' ')
[ -z "$readonly_mounts" ] || note "read-only: $readonly_mounts"
if [ $wrong = 0 ]; then said 'nothing is wrong'; else said "$wrong things are wrong"; fi
`;

export const healthScript: ScriptOf<'health.check'> = () => posixScript({}, HEALTH);

const INFO = `${POSIX_PRELUDE}
line() { printf '%-9s %s\\n' "$1" "$2"; }
name=$(sed -n 's/^PRETTY_NAME="\\{0,1\\}\\([^"]*\\)"\\{0,1\\}$/\\1/p' /etc/os-release 2>/dev/null | head -n 1)
line host "$(uname -n)"
line system "\${name:-Linux}"
line kernel "$(uname -r) $(uname -m)"
line cpu "$(grep -c '^processor' /proc/cpuinfo 2>/dev/null) x $(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)"
line memory "$(awk '/^MemTotal:/ { printf "%d MB", $2 / 1024 }' /proc/meminfo)"
line up "$(awk '{ printf "%d h", $1 / 3600 }' /proc/uptime)"
has ip && line address "$(ip -o addr show scope global 2>/dev/null | awk '{ printf "%s%s", NR > 1 ? ", " : "", $4 }')"
line model "$(cat /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name 2>/dev/null | tr '\\n' ' ')"
df -Pk 2>/dev/null | awk 'NR > 1 && $1 ~ /^\\// { printf "disk      %s %d GB, %s used\\n", $6, $2 / 1048576, $5 }'
`;

export const infoScript: ScriptOf<'system.info'> = () => posixScript({}, INFO);
