// Deletes what Linux needs no more: old temporary files, package caches, rotated logs, and one log when asked.
import { posixScript, type ScriptOf } from '#relay/execute/actions/action-script.ts';
import { POSIX_PRELUDE } from '#relay/execute/actions/posix-prelude.ts';

/**
 * \`-delete\` opens each folder itself, so that nobody who can write there turns it to another place meanwhile; \`-xdev\` stays on
 * one file system, and plain files alone go. Folders that systemd made for a service are its own.
 */
const SWEEP = `
sweep() {
  folder=$1; shift
  if find / -maxdepth 0 -printf '' 2>/dev/null; then
    $root find "$folder" -xdev -type f "$@" -printf '%s\\n' -delete 2>/dev/null
  else
    $root find "$folder" -xdev -type f "$@" -print -delete 2>/dev/null | sed 's/.*/0/'
  fi
}
total() { awk '{ n += 1; bytes += $1 } END { printf "%d files, %d bytes", n, bytes }'; }
`;

const TEMP = `${POSIX_PRELUDE}${SWEEP}
need_root
found=
for folder in /tmp /var/tmp; do
  [ -d "$folder" ] && [ ! -L "$folder" ] || continue
  found="$found$(sweep "$folder" -mmin +$((days * 1440)) ! -path '*/systemd-private-*')
"
done
said "$(printf '%s' "$found" | grep . | total) deleted"
`;

export const tempScript: ScriptOf<'temp.clear'> = ({ days }) => posixScript({ days }, TEMP);

/** 14 days of the journal and 30 days of rotated logs stay: what people still look at. */
const DISK = `${POSIX_PRELUDE}${SWEEP}
need_root
free() { df -Pk /var 2>/dev/null | awk 'NR == 2 { print $4 }'; }
before=$(free)
did=
try() { did="$did $1"; shift; $root "$@" >/dev/null 2>&1 || :; }
has apt-get && try apt apt-get clean
has dnf && try dnf dnf -q clean packages
if has yum && ! has dnf; then try yum yum -q clean packages; fi
has zypper && try zypper zypper -q clean
has apk && [ -d /var/cache/apk ] && try apk apk cache clean
has journalctl && try journal journalctl --vacuum-time=14d
logs=$(sweep /var/log -mmin +43200 '(' -name '*.gz' -o -name '*.xz' -o -name '*.old' -o -name '*.[0-9]' ')' | total)
after=$(free)
gained=$(((after - before) / 1024))
[ $gained -ge 0 ] || gained=0
said "freed $gained MB; rotated logs: $logs; caches:\${did:- none}"
`;

export const diskScript: ScriptOf<'disk.clean'> = () => posixScript({}, DISK);

/** A log is a file right inside /var/log, or the journal: no path leads anywhere else. A file keeps its owner and its writers. */
const LOG = `${POSIX_PRELUDE}
case $log in */* | *..*) said "no log named $log here"; exit 100 ;; esac
if [ "$log" = journal ]; then
  has journalctl || { said 'no journal here'; exit 102; }
  need_root
  $root journalctl --rotate >/dev/null 2>&1 || :
  told=$($root journalctl --vacuum-time=1s 2>&1) || { printf '%s\\n' "$told" >&2; exit 104; }
  said 'the journal was cleared, all but what is written now'
  exit 0
fi
file=/var/log/$log
[ -f "$file" ] && [ ! -L "$file" ] || { said "no log named $log here"; exit 100; }
need_root
size=$($root wc -c <"$file" 2>/dev/null || $root cat "$file" | wc -c)
$root truncate -s 0 -- "$file" || exit 104
said "$log was cleared, $((size)) bytes"
`;

export const logScript: ScriptOf<'log.clear'> = ({ log }) => posixScript({ log }, LOG);
