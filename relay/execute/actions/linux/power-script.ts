// Asks Linux to reboot or to go down, after it has answered; whether it did is seen from outside.
import { posixScript, type ScriptOf } from '#relay/execute/actions/action-script.ts';
import { POSIX_PRELUDE } from '#relay/execute/actions/posix-prelude.ts';

/** Another value after each boot, and never the same twice. */
export const LINUX_BOOT = `printf 'boot %s\\n' "$(cat /proc/sys/kernel/random/boot_id)"\n`;

/**
 * It waits 2 s in a session of its own, so that the answer is on its way before the network goes. \`sudo -l\` asks whether it
 * may, and does nothing.
 */
const SCRIPT = `${POSIX_PRELUDE}
has shutdown || { said 'no shutdown here'; exit 102; }
[ "$(id -u)" = 0 ] || { [ -n "$root" ] && $root -l shutdown >/dev/null 2>&1; } || exit 101
later="sleep 2; exec $root shutdown $how now"
if has setsid; then setsid sh -c "$later" >/dev/null 2>&1 </dev/null &
else nohup sh -c "$later" >/dev/null 2>&1 </dev/null & fi
said asked
`;

export const rebootScript: ScriptOf<'device.reboot'> = () => posixScript({ how: '-r' }, SCRIPT);
export const shutdownScript: ScriptOf<'device.shutdown'> = () => posixScript({ how: '-h' }, SCRIPT);
