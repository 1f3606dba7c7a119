// Ends what an order of an earlier life of this relay still runs on a machine, found by the tag its shell was started with.

/** An order is named in the arguments of its shell: known before it begins, so that no crash falls between the two. */
export const tagOf = (order: string): string => `rmm-${order}`;

/** What the script says by its exit code. */
export const ENDED = 0;
export const NOTHING_RAN = 3;

/**
 * Only a group whose leader bears the tag is ended: where a shell leads none, its group is that of a login. TERM, half a second of grace, KILL, up
 * to 1 s more. Zombies run nothing and do not count. `tag` is letters, digits and dashes.
 */
export const endScript = (tag: string): string => `
list() { ps -A -o pid= -o pgid= -o stat= -o args= 2>/dev/null || ps -o pid,pgid,stat,args 2>/dev/null; }
groups=$(list | while read -r pid pgid state args; do
  case $state in Z*|X*) continue ;; esac
  [ "$pid" = "$pgid" ] || continue
  case $args in *" -s ${tag}") printf '%s ' "$pid" ;; esac
done)
[ -n "$groups" ] || exit ${NOTHING_RAN}
alive() {
  list | {
    while read -r pid pgid state args; do
      case $state in Z*|X*) continue ;; esac
      for group in $groups; do [ "$pgid" = "$group" ] && exit 0; done
    done
    exit 1
  }
}
for group in $groups; do kill -TERM -$group 2>/dev/null; done
n=0
while alive; do
  n=$((n + 1))
  [ $n = 5 ] && for group in $groups; do kill -KILL -$group 2>/dev/null; done
  [ $n = 15 ] && exit 1
  sleep 0.1 2>/dev/null || sleep 1
done
exit ${ENDED}
`;
