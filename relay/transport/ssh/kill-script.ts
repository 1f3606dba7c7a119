// Ends a process group from another channel of the same connection, and reports only when it is gone.

/**
 * TERM, half a second of grace so that a cancel is over within two, KILL, up to 1 s more; exit 0: nothing of the group runs. Zombies run
 * nothing and do not count, for in a container nobody may reap them. `group` is a number above 1 that the device announced, so it can hit
 * nothing but that device.
 */
export const killScript = (group: number): string => `
alive() {
  kill -0 -${group} 2>/dev/null || return 1
  all=$(ps -A -o pgid= -o stat= 2>/dev/null || ps -o pgid,stat 2>/dev/null) || return 0
  printf '%s\\n' "$all" | {
    while read -r pgid state; do
      [ "$pgid" = ${group} ] || continue
      case $state in Z*|X*) ;; *) exit 0 ;; esac
    done
    exit 1
  }
}
kill -TERM -${group} 2>/dev/null
n=0
while alive; do
  n=$((n + 1))
  [ $n = 5 ] && kill -KILL -${group} 2>/dev/null
  [ $n = 15 ] && exit 1
  sleep 0.1 2>/dev/null || sleep 1
done
exit 0
`;
