// The script that reads a FreeBSD device's counters. Unproven: written from the manual pages, never run on a real FreeBSD.

/** df shows local filesystems only (-l), so a dead file server cannot hold it; `timeout` is part of the base system. */
export const freebsdHotScript = (nonce: string): string => `\
# rmm hot freebsd 1
PATH=/sbin:/usr/sbin:/bin:/usr/bin
LC_ALL=C
export PATH LC_ALL
umask 077
n=${nonce}
main() {
  echo
  echo "$n begin 1 freebsd"
  echo "$n date"
  date +%s
  echo "$n sysctl"
  sysctl kern.boottime kern.cp_time vm.loadavg hw.physmem hw.pagesize vm.stats.vm.v_free_count vm.stats.vm.v_inactive_count vm.stats.vm.v_cache_count vfs.bufspace
  echo "$n netstat"
  netstat -ibn
  echo "$n iostat"
  iostat -Ix -t da
  echo "$n swap"
  swapinfo -k
  echo "$n df"
  timeout 5 df -Pkl -t nodevfs,fdescfs,procfs,linprocfs,linsysfs,tmpfs,nullfs
  echo "$n end"
}
main </dev/null 2>/dev/null
exit 0
`;
