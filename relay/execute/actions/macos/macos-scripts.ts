// The few actions that macOS has a script for. Nobody of ours has seen them run on one: the catalogue says so.
import { posixScript, type Scripts } from '#relay/execute/actions/action-script.ts';
import { POSIX_PRELUDE } from '#relay/execute/actions/posix-prelude.ts';

export const MACOS_BOOT = `printf 'boot %s\\n' "$(sysctl -n kern.bootsessionuuid)"\n`;

const POWER = `${POSIX_PRELUDE}
[ "$(id -u)" = 0 ] || { [ -n "$root" ] && $root -l shutdown >/dev/null 2>&1; } || exit 101
nohup sh -c "sleep 2; exec $root shutdown $how now" >/dev/null 2>&1 </dev/null &
said asked
`;

const DNS = `${POSIX_PRELUDE}
need_root
$root dscacheutil -flushcache || exit 104
$root killall -HUP mDNSResponder || exit 104
said 'flushed: mDNSResponder'
`;

const INFO = `${POSIX_PRELUDE}
line() { printf '%-9s %s\\n' "$1" "$2"; }
line host "$(uname -n)"
line system "macOS $(sw_vers -productVersion)"
line kernel "$(uname -r) $(uname -m)"
line cpu "$(sysctl -n hw.ncpu) x $(sysctl -n machdep.cpu.brand_string)"
line memory "$(($(sysctl -n hw.memsize) / 1048576)) MB"
line model "$(sysctl -n hw.model)"
`;

export const MACOS_SCRIPTS: Scripts = {
  'device.reboot': () => posixScript({ how: '-r' }, POWER),
  'device.shutdown': () => posixScript({ how: '-h' }, POWER),
  'dns.flush': () => posixScript({}, DNS),
  'system.info': () => posixScript({}, INFO),
};
