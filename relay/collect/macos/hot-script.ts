// The script that reads a macOS device's levels and counters. Unproven: written from the manual pages, never run on a real macOS.

/**
 * Processor ticks and disk counters have no tool that prints them raw, so they stay unknown; the load is known.
 * There is no `timeout` here: -l keeps df away from file servers.
 */
export const macosHotScript = (nonce: string): string => `\
# rmm hot macos 1
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077
n=${nonce}
main() {
  echo
  echo "$n begin 1 macos"
  echo "$n date"
  date +%s
  echo "$n sysctl"
  sysctl kern.boottime kern.bootsessionuuid vm.loadavg hw.memsize vm.swapusage
  echo "$n vm_stat"
  vm_stat
  echo "$n netstat"
  netstat -ibn
  echo "$n df"
  df -Pkl
  echo "$n end"
}
main </dev/null 2>/dev/null
exit 0
`;
