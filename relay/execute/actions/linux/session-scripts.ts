// Locks the screens of Linux, and ends all that one user runs.
import { posixScript, type ScriptOf } from '#relay/execute/actions/action-script.ts';
import { POSIX_PRELUDE } from '#relay/execute/actions/posix-prelude.ts';

/** Screens belong to logind: where it does not answer, there is none that could be locked. */
const LOCK = `${POSIX_PRELUDE}
has loginctl || { said 'no logind here'; exit 102; }
sessions=$(loginctl list-sessions --no-legend 2>/dev/null) || { said 'logind does not answer'; exit 102; }
count=$(printf '%s' "$sessions" | grep -c .)
[ "$count" != 0 ] || { said 'nobody is logged on'; exit 0; }
told=$($root loginctl lock-sessions 2>&1) || { printf '%s\\n' "$told" >&2; exit 101; }
said "$count sessions were asked to lock"
`;

export const lockScript: ScriptOf<'user.lock'> = () => posixScript({}, LOCK);

/**
 * Processes are counted by their real user. Neither root nor the user of this login: that would end the relay's own way in.
 * logind also forgets the sessions; without it the processes are what a session is made of.
 */
const LOG_OFF = `${POSIX_PRELUDE}
uid=$(id -u -- "$user" 2>/dev/null) || { said "no user named $user here"; exit 100; }
[ "$uid" != 0 ] && [ "$uid" != "$(id -u)" ] || { said "$user is root or the user of this login"; exit 104; }
need_root
owned() {
  for one in /proc/[0-9]*; do
    [ "$(sed -n 's/^Uid:[[:space:]]*\\([0-9]*\\).*/\\1/p' "$one/status" 2>/dev/null)" = "$uid" ] || continue
    case $(sed -n 's/^State:[[:space:]]*\\(.\\).*/\\1/p' "$one/status" 2>/dev/null) in Z | X | '') continue ;; esac
    echo "\${one#/proc/}"
  done
}
all=$(owned)
count=$(printf '%s' "$all" | grep -c .)
[ "$count" != 0 ] || { said "$user is not logged on"; exit 0; }
has loginctl && $root loginctl terminate-user -- "$user" >/dev/null 2>&1
for one in $all; do $root kill -HUP "$one" 2>/dev/null; $root kill -TERM "$one" 2>/dev/null; done
tries=0
while [ -n "$(owned)" ] && [ $tries -lt 30 ]; do sleep 0.1; tries=$((tries + 1)); done
for one in $(owned); do $root kill -KILL "$one" 2>/dev/null; done
tries=0
while [ -n "$(owned)" ] && [ $tries -lt 20 ]; do sleep 0.1; tries=$((tries + 1)); done
[ -z "$(owned)" ] || { said "processes of $user are still there"; exit 103; }
said "$count processes of $user ended"
`;

export const logOffScript: ScriptOf<'user.logoff'> = ({ user }) => posixScript({ user }, LOG_OFF);
