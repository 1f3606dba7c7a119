// Restarts one service of a Linux device with whatever manager it has, and says of any device honestly how it stood before and after.
import { quoteForShell } from '#relay/transport/script-wrap.ts';
import type { FailureReason } from '#shared/base/outcome.ts';
import type { Action } from '#shared/model/manifest.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';

type Restart = Extract<Action, { name: 'service.restart' }>['arguments'];

/** Ends of the script that are its own words; a manager's own codes are far below. */
const ENDS: Readonly<Record<number, { reason?: FailureReason; detail: (service: string) => string }>> = {
  100: { detail: (service) => `no service named ${service} here` },
  101: {
    reason: 'denied',
    detail: (service) =>
      `the login may not restart ${service}: it needs root, sudo for it without a password, or to be an administrator`,
  },
  102: { reason: 'unsupported', detail: () => 'no service manager here: neither systemd, OpenRC nor service' },
  103: { detail: (service) => `${service} was restarted and does not run` },
  104: { detail: (service) => `${service} could not be restarted` },
};

/**
 * systemd is asked for its version first: a systemctl without its systemd, as in a container, counts as none. The name is one
 * quoted word, and the schema lets nothing into it that a shell or a manager could read as more. `service` knows a name by its
 * script in /etc/init.d. The last line, "before ..., after ...", is what people read.
 */
const SCRIPT = `LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
root=
[ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && root='sudo -n'; }
state() {
  case $manager in
    systemd) systemctl show -p ActiveState -- "$service" 2>/dev/null | sed -n 's/^ActiveState=//p' ;;
    openrc) if rc-service -- "$service" status >/dev/null 2>&1; then echo active; else echo inactive; fi ;;
    service) if $root service "$service" status >/dev/null 2>&1; then echo active; else echo inactive; fi ;;
  esac
}
if command -v systemctl >/dev/null 2>&1 && systemctl show -p Version 2>/dev/null | grep -q '^Version=.'; then
  manager=systemd
  load=$(systemctl show -p LoadState -- "$service" 2>/dev/null | sed -n 's/^LoadState=//p')
  [ "$load" != not-found ] && [ -n "$load" ] || exit 100
elif command -v rc-service >/dev/null 2>&1; then
  manager=openrc
  rc-service --exists "$service" >/dev/null 2>&1 || exit 100
elif command -v service >/dev/null 2>&1; then
  manager=service
  [ -x "/etc/init.d/$service" ] || exit 100
else
  exit 102
fi
before=$(state)
case $manager in
  systemd) said=$($root systemctl restart -- "$service" 2>&1) ;;
  openrc) said=$($root rc-service -- "$service" restart 2>&1) ;;
  service) said=$($root service "$service" restart 2>&1) ;;
esac
code=$?
after=$(state)
[ -z "$said" ] || printf '%s\\n' "$said" >&2
printf 'before %s, after %s\\n' "\${before:-unknown}" "\${after:-unknown}"
if [ $code != 0 ]; then
  case $said in
    *"ccess denied"* | *"uthentication required"* | *"assword is required"* | *"ot permitted"* | *"ermission denied"* | *"not allowed"* | *"uperuser"*) exit 101 ;;
  esac
  [ $manager = systemd ] || [ -n "$root" ] || [ "$(id -u)" = 0 ] || exit 101
  exit 104
fi
case $manager/$after in
  systemd/failed|openrc/inactive|service/inactive) exit 103 ;;
esac
exit 0
`;

export const restartScript = ({ service }: Restart): string => `service=${quoteForShell(service)}\n${SCRIPT}`;

const BEFORE_AFTER = /^(before [a-z]{1,20}, after [a-z]{1,20})\n$/;

/** The outcome in words: what went wrong, or how the service stood before and stands now. */
export function readRestart(outcome: OutcomeRecord, { service }: Restart): OutcomeRecord {
  const end = outcome.exitCode === undefined ? undefined : ENDS[outcome.exitCode];
  const states = BEFORE_AFTER.exec(Buffer.from(outcome.stdout ?? new Uint8Array()).toString('latin1'));
  const between = states?.[1] ?? '';
  if (outcome.state === 'succeeded')
    return { ...outcome, detail: `${service}: ${between === '' ? 'restarted' : between}` };
  if (end === undefined) return outcome;
  const detail = between === '' ? end.detail(service) : `${end.detail(service)}; ${between}`;
  return { ...outcome, detail, ...(end.reason === undefined ? {} : { reason: end.reason }) };
}
