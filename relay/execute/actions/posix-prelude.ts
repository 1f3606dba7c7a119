// The words that every script of ours for a POSIX system begins with.

/**
 * `root`: how to do what takes root. `need_root` ends the script where neither root nor sudo without a password is there.
 * `said` is the one line that people read.
 */
export const POSIX_PRELUDE = `LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
root=
[ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && root='sudo -n'; }
has() { command -v "$1" >/dev/null 2>&1; }
said() { printf 'said: %s\\n' "$*"; }
need_root() { [ "$(id -u)" = 0 ] || { [ -n "$root" ] && $root true >/dev/null 2>&1; } || exit 101; }
has_systemd() { has systemctl && systemctl show -p Version 2>/dev/null | grep -q '^Version=.'; }
`;
