// The one POSIX script that asks a machine who it is: builtins on Linux, no temporary files, an unreadable source is simply absent.

/** `say` keeps each value on one line, so that a value cannot forge another member. */
const COMMON = `
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin; export PATH
LC_ALL=C; export LC_ALL
say() { [ -n "$2" ] && printf '%s %s\\n' "$1" "$2"; }
say_file() {
  [ -r "$2" ] || return 0
  value=
  { IFS= read -r value || :; } < "$2"
  say "$1" "$value"
}
`;

// A bond gives its members one common address: the member's own one stands in bonding_slave.
// addr_assign_type 0 is the permanent address; random, stolen and set ones identify nobody.
const LINUX = `
linux() {
  say system Linux
  say_file hostname /proc/sys/kernel/hostname
  say_file smbios-uuid /sys/class/dmi/id/product_uuid
  say_file serial /sys/class/dmi/id/product_serial
  say_file board-serial /sys/class/dmi/id/board_serial
  say_file board-serial /sys/firmware/devicetree/base/serial-number
  if [ -r /etc/machine-id ]; then say_file machine-id /etc/machine-id
  else say_file machine-id /var/lib/dbus/machine-id; fi
  for device in /sys/class/net/*/device; do
    nic=\${device%/device}
    [ -r "$nic/address" ] || continue
    if [ -r "$nic/bonding_slave/perm_hwaddr" ]; then say_file mac "$nic/bonding_slave/perm_hwaddr"; continue; fi
    assigned=
    if [ -r "$nic/addr_assign_type" ]; then read -r assigned < "$nic/addr_assign_type" || :; fi
    [ "\${assigned:-0}" = 0 ] && say_file mac "$nic/address"
  done
}
`;

// hwaddr is the burnt-in address where it differs from the one in use; names a cloner makes (bridge, tap, vlan) are not physical.
const FREEBSD = `
freebsd() {
  say hostname "$(uname -n)"
  say smbios-uuid "$(kenv -q smbios.system.uuid)"
  say serial "$(kenv -q smbios.system.serial)"
  say board-serial "$(kenv -q smbios.planar.serial)"
  say machine-id "$(sysctl -n kern.hostuuid)"
  cloners=" $(ifconfig -C) "
  for nic in $(ifconfig -l ether); do
    case $cloners in *" \${nic%%[0-9]*} "*) continue ;; esac
    say mac "$(ifconfig "$nic" | awk '$1 == "ether" { e = $2 } $1 == "hwaddr" { h = $2 } END { print h ? h : e }')"
  done
}
`;

const MACOS = `
macos() {
  say hostname "$(uname -n)"
  ioreg -rd1 -c IOPlatformExpertDevice | awk -F'"' '
    $2 == "IOPlatformUUID" { print "smbios-uuid " $4 }
    $2 == "IOPlatformSerialNumber" { print "serial " $4 }'
  networksetup -listallhardwareports | awk '
    $1 == "Device:" { nic = $2 }
    $1 == "Ethernet" && $2 == "Address:" && nic ~ /^en/ { print "mac " $3 }'
}
`;

/** `leader` and `setsid` say how a job's process group can be made here; see ssh-exec. */
const MAIN = `
ostype=
{ [ -r /proc/sys/kernel/ostype ] && read -r ostype < /proc/sys/kernel/ostype; } 2>/dev/null
[ "$ostype" = Linux ] || ostype=$(uname -s)
case $ostype in
Linux) linux ;;
FreeBSD) say system FreeBSD; freebsd ;;
Darwin) say system Darwin; macos ;;
*) say system "$ostype"; say hostname "$(uname -n)" ;;
esac
if kill -0 -$$; then say leader 1; else say leader 0; fi
if command -v setsid >/dev/null; then say setsid 1; else say setsid 0; fi
`;

/** First line `<nonce> begin 1`, last line `<nonce> end`; without the last one nothing of it counts. */
export function identityScript(nonce: string): string {
  return `exec 2>/dev/null
echo "${nonce} begin 1"
${COMMON}${LINUX}${FREEBSD}${MACOS}${MAIN}
echo "${nonce} end"
exit 0
`;
}
