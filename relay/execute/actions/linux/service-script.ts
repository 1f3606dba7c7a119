// Starts, stops, restarts, enables and disables one service of Linux with whatever manager it has, and says honestly how it stood.
import { posixScript } from '#relay/execute/actions/action-script.ts';
import { POSIX_PRELUDE } from '#relay/execute/actions/posix-prelude.ts';
import type { ArgumentsOf } from '#shared/model/actions/catalogue-actions.ts';

/**
 * systemd is asked for its version first: a systemctl without its systemd, as in a container, counts as none. The name is one
 * quoted word, and the schema lets nothing into it that a shell or a manager could read as more. `service` knows a name by its
 * script in /etc/init.d. The line that is said, "before ..., after ...", is what people read and what an undo looks at.
 */
const SCRIPT = `${POSIX_PRELUDE}
running() {
  case $manager in
    systemd) systemctl show -p ActiveState -- "$service" 2>/dev/null | sed -n 's/^ActiveState=//p' ;;
    openrc) if rc-service -- "$service" status >/dev/null 2>&1; then echo active; else echo inactive; fi ;;
    service) if $root service "$service" status >/dev/null 2>&1; then echo active; else echo inactive; fi ;;
  esac
}
at_boot() {
  case $manager in
    systemd) systemctl is-enabled -- "$service" 2>/dev/null || : ;;
    openrc) if rc-update show 2>/dev/null | grep -qF " $service |"; then echo enabled; else echo disabled; fi ;;
    service)
      for link in /etc/rc[2345].d/S[0-9][0-9]"$service" /etc/rc.d/rc[2345].d/S[0-9][0-9]"$service"; do
        if [ -e "$link" ] || [ -L "$link" ]; then echo enabled; return; fi
      done
      echo disabled ;;
  esac
}
state() { case $verb in enable|disable) at_boot ;; *) running ;; esac; }
act() {
  case $manager/$verb in
    systemd/*) $root systemctl "$verb" -- "$service" ;;
    openrc/enable) $root rc-update add "$service" default ;;
    openrc/disable) $root rc-update del "$service" ;;
    openrc/*) $root rc-service -- "$service" "$verb" ;;
    service/enable)
      if has update-rc.d; then $root update-rc.d "$service" defaults && $root update-rc.d "$service" enable
      elif has chkconfig; then $root chkconfig "$service" on
      else exit 102; fi ;;
    service/disable)
      if has update-rc.d; then $root update-rc.d "$service" disable
      elif has chkconfig; then $root chkconfig "$service" off
      else exit 102; fi ;;
    service/*) $root service "$service" "$verb" ;;
  esac
}
if has_systemd; then
  manager=systemd
  load=$(systemctl show -p LoadState -- "$service" 2>/dev/null | sed -n 's/^LoadState=//p')
  if [ "$load" = not-found ] || [ -z "$load" ]; then said "no service named $service here"; exit 100; fi
elif has rc-service; then
  manager=openrc
  rc-service --exists "$service" >/dev/null 2>&1 || { said "no service named $service here"; exit 100; }
elif has service; then
  manager=service
  [ -x "/etc/init.d/$service" ] || { said "no service named $service here"; exit 100; }
else
  said 'neither systemd, OpenRC nor service'
  exit 102
fi
before=$(state)
told=$(act 2>&1)
code=$?
after=$(state)
[ -z "$told" ] || printf '%s\\n' "$told" >&2
said "$service: before \${before:-unknown}, after \${after:-unknown}"
if [ $code != 0 ]; then
  [ $code != 102 ] || exit 102
  case $told in
    *"ccess denied"* | *"uthentication required"* | *"assword is required"* | *"ot permitted"* | *"ermission denied"* | *"not allowed"* | *"uperuser"*) exit 101 ;;
  esac
  [ $manager = systemd ] || [ -n "$root" ] || [ "$(id -u)" = 0 ] || exit 101
  exit 104
fi
case $verb/$after in
  restart/failed | restart/inactive | start/failed | start/inactive) [ "$manager/$after" = systemd/inactive ] || exit 103 ;;
  stop/active | enable/disabled | disable/enabled) exit 103 ;;
esac
exit 0
`;

type ServiceVerb = 'start' | 'stop' | 'restart' | 'enable' | 'disable';
/** All five are told the same. */
type OneService = (values: ArgumentsOf<'service.restart'>) => string;

export const serviceScript =
  (verb: ServiceVerb): OneService =>
  ({ service }) =>
    posixScript({ verb, service }, SCRIPT);
