// The script that reads the inventory of FreeBSD and macOS: each tool where it is. Unproven: never run on a real one of either.

export const bsdColdScript =
  (system: 'freebsd' | 'macos') =>
  (nonce: string): string =>
    `\
# rmm cold ${system} 1
PATH=/sbin:/usr/sbin:/bin:/usr/bin:/usr/local/sbin:/usr/local/bin
LC_ALL=C
export PATH LC_ALL
umask 077
n=${nonce}
has() {
  command -v "$1" >/dev/null
}
main() {
  echo
  echo "$n begin 1 ${system}"
  echo "$n kernel"
  uname -s
  uname -r
  uname -m
  echo "$n host"
  echo "hostname $(hostname)"
  echo "localtime $(readlink /etc/localtime)"
  echo "$n sysctl"
  sysctl hw.model hw.ncpu hw.physmem hw.memsize hw.physicalcpu hw.logicalcpu machdep.cpu.brand_string
  if has sw_vers; then
    echo "$n sw_vers"
    sw_vers
  fi
  if has freebsd-version; then
    echo "$n freebsd-version"
    freebsd-version
  fi
  if has kenv; then
    echo "$n kenv"
    for f in smbios.system.maker smbios.system.product smbios.system.serial smbios.bios.vendor smbios.bios.version smbios.bios.reldate; do
      echo "$f: $(kenv -q $f)"
    done
  fi
  if has ioreg; then
    echo "$n ioreg"
    ioreg -rd1 -c IOPlatformExpertDevice
  fi
  echo "$n ifconfig"
  ifconfig -a
  echo "$n routes"
  netstat -rn
  if [ -r /etc/resolv.conf ]; then
    echo "$n dns"
    while IFS= read -r l; do
      case $l in nameserver\\ *) echo "$l" ;; esac
    done </etc/resolv.conf
  fi
  if has pkg && pkg -N; then
    echo "$n pkg"
    pkg query '%n\\t%v\\t%q'
  fi
  if has dscl; then
    echo "$n dscl"
    dscl . -list /Users UserShell
  elif [ -r /etc/passwd ]; then
    echo "$n users"
    cat /etc/passwd
  fi
  echo "$n end"
}
main </dev/null 2>/dev/null
exit 0
`;
