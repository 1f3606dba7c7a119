// Flushes the name caches of Linux, asks for its address anew, and starts its network again.
import { posixScript, type ScriptOf } from '#relay/execute/actions/action-script.ts';
import { POSIX_PRELUDE } from '#relay/execute/actions/posix-prelude.ts';

/**
 * By name of the kernel; several may run. What cuts the line runs in a session of its own: when the line is gone, the group of this
 * script is ended, and that must not leave a machine without its network.
 */
const PIDS_OF = `
survive() {
  if has setsid; then setsid "$@" >/dev/null 2>&1 </dev/null & wait $!
  else "$@" >/dev/null 2>&1 </dev/null; fi
}
pids_of() {
  for one in /proc/[0-9]*; do
    IFS= read -r comm <"$one/comm" 2>/dev/null || continue
    [ "$comm" = "$1" ] && echo "\${one#/proc/}"
  done
}
`;

const FLUSH = `
flush() {
  did=
  if has resolvectl && resolvectl status >/dev/null 2>&1; then
    $root resolvectl flush-caches >/dev/null 2>&1 && did="$did systemd-resolved"
  fi
  for one in $(pids_of dnsmasq); do $root kill -HUP "$one" 2>/dev/null && did="$did dnsmasq"; done
  if has nscd && [ -n "$(pids_of nscd)" ]; then $root nscd -i hosts >/dev/null 2>&1 && did="$did nscd"; fi
  if has unbound-control && [ -n "$(pids_of unbound)" ]; then
    $root unbound-control flush_zone . >/dev/null 2>&1 && did="$did unbound"
  fi
  if has rndc && [ -n "$(pids_of named)" ]; then $root rndc flush >/dev/null 2>&1 && did="$did bind"; fi
}
`;

const DNS = `${POSIX_PRELUDE}${PIDS_OF}${FLUSH}
caches=$(for name in dnsmasq nscd unbound named systemd-resolve; do pids_of "$name"; done)
[ -n "$caches" ] || { said 'no cache of names runs here'; exit 0; }
need_root
flush
[ -n "$did" ] || exit 104
said "flushed:$did"
`;

export const dnsScript: ScriptOf<'dns.flush'> = () => posixScript({}, DNS);

/**
 * Each DHCP client that runs is asked in its own way: udhcpc takes USR1, dhclient asks again with the lease it holds when it is
 * started anew.
 */
const RENEW = `${POSIX_PRELUDE}${PIDS_OF}
need_root
did=
if has networkctl && [ -n "$(pids_of systemd-network)" ]; then
  for link in $(ip -o -4 addr show dynamic 2>/dev/null | awk '{ print $2 }' | sort -u); do
    $root networkctl renew "$link" >/dev/null 2>&1 && did="$did networkd:$link"
  done
fi
if has nmcli && [ -n "$(pids_of NetworkManager)" ]; then
  for link in $(ip -o -4 addr show dynamic 2>/dev/null | awk '{ print $2 }' | sort -u); do
    $root nmcli device reapply "$link" >/dev/null 2>&1 && did="$did NetworkManager:$link"
  done
fi
for one in $(pids_of udhcpc); do $root kill -USR1 "$one" 2>/dev/null && did="$did udhcpc"; done
if has dhcpcd && [ -n "$(pids_of dhcpcd)" ]; then $root dhcpcd -n >/dev/null 2>&1 && did="$did dhcpcd"; fi
for one in $(pids_of dhclient); do
  link=$(tr '\\000' '\\n' <"/proc/$one/cmdline" 2>/dev/null | tail -n 1)
  case $link in '' | -* | */* | dhclient) continue ;; esac
  $root kill -KILL "$one" 2>/dev/null
  # shellcheck disable=SC2086
  survive $root dhclient "$link" && did="$did dhclient:$link"
done
[ -n "$did" ] || { said 'no client of DHCP runs here'; exit 102; }
said "asked anew:$did"
`;

export const renewScript: ScriptOf<'address.renew'> = () => posixScript({}, RENEW);

/** Neighbours and names are forgotten, then what keeps the network starts it anew. */
const RESET = `${POSIX_PRELUDE}${PIDS_OF}${FLUSH}
need_root
manager=
if has_systemd; then
  for unit in systemd-networkd NetworkManager networking; do
    [ "$(systemctl show -p ActiveState -- "$unit" 2>/dev/null)" = ActiveState=active ] && manager=$unit && break
  done
elif has rc-service; then
  for unit in networking NetworkManager; do rc-service --exists "$unit" >/dev/null 2>&1 && manager=$unit && break; done
elif has service; then
  for unit in networking network NetworkManager; do [ -x "/etc/init.d/$unit" ] && manager=$unit && break; done
fi
[ -n "$manager" ] || { said 'nothing that keeps the network was found'; exit 102; }
has ip && $root ip neigh flush all >/dev/null 2>&1
flush
# shellcheck disable=SC2086
if has_systemd; then survive $root systemctl restart -- "$manager"
elif has rc-service; then survive $root rc-service -- "$manager" restart
else survive $root service "$manager" restart; fi || { said "$manager did not restart"; exit 104; }
said "neighbours forgotten, $manager restarted\${did:+, flushed:$did}"
`;

export const resetScript: ScriptOf<'network.reset'> = () => posixScript({}, RESET);
