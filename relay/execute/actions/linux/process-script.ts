// Ends processes of Linux by name, or one by its id while it still has that name: asked first, then by force.
import { posixScript, type ScriptOf } from '#relay/execute/actions/action-script.ts';
import { POSIX_PRELUDE } from '#relay/execute/actions/posix-prelude.ts';

/**
 * The kernel keeps 15 letters of a name; of a longer one the first word of the command line decides. Zombies have ended already.
 * 3 s are what a program gets to end by itself. The shell that runs this, and its parent, are never among them.
 */
const SCRIPT = `${POSIX_PRELUDE}
named() {
  [ "$1" != $$ ] && [ "$1" != $PPID ] && [ -r "/proc/$1/comm" ] || return 1
  IFS= read -r comm <"/proc/$1/comm" 2>/dev/null || return 1
  case $(sed -n 's/^State:[[:space:]]*\\(.\\).*/\\1/p' "/proc/$1/status" 2>/dev/null) in Z | X | '') return 1 ;; esac
  [ "$comm" = "$process" ] && return 0
  [ "\${#process}" -gt 15 ] && [ "\${#comm}" = 15 ] || return 1
  case $process in "$comm"*) ;; *) return 1 ;; esac
  first=$(tr '\\000' '\\n' <"/proc/$1/cmdline" 2>/dev/null | head -n 1)
  [ "\${first##*/}" = "$process" ]
}
[ -d /proc/self ] || { said 'no /proc here'; exit 102; }
found=
if [ -n "$pid" ]; then
  named "$pid" && found=$pid
else
  for one in /proc/[0-9]*; do
    one=\${one#/proc/}
    named "$one" && found="$found $one"
  done
fi
[ -n "$found" ] || { said "no process named $process\${pid:+ with id $pid} here"; exit 100; }
count=0
for one in $found; do
  count=$((count + 1))
  kill -TERM "$one" 2>/dev/null || $root kill -TERM "$one" 2>/dev/null || :
done
left() { rest=; for one in $found; do named "$one" && rest="$rest $one"; done; [ -n "$rest" ]; }
tries=0
while left && [ $tries -lt 30 ]; do sleep 0.1; tries=$((tries + 1)); done
forced=0
if left; then
  for one in $rest; do
    forced=$((forced + 1))
    kill -KILL "$one" 2>/dev/null || $root kill -KILL "$one" 2>/dev/null || :
  done
  tries=0
  while left && [ $tries -lt 20 ]; do sleep 0.1; tries=$((tries + 1)); done
fi
if left; then
  said "still there:$rest"
  [ "$(id -u)" = 0 ] && exit 104
  exit 101
fi
said "$count ended, $forced of them by force"
`;

export const processScript: ScriptOf<'process.kill'> = ({ process, pid }) =>
  posixScript({ process, pid: pid ?? '' }, SCRIPT);
