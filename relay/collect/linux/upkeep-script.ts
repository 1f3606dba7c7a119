// The part of the inventory script that reads what needs upkeep: certificates, updates that wait, a restart that waits. Nothing of it uses the network.

/**
 * Ports on which TLS is spoken from the first byte; others are not knocked at, since what is no TLS writes it into its log.
 * The service answers its own machine, at the address that it listens on.
 */
const TLS_PORTS = [
  443, 465, 636, 853, 990, 993, 995, 3269, 5061, 5671, 5986, 6443, 6514, 8006, 8443, 8883, 9443, 10250,
];
/** Looked at by openssl, in some 10 ms each. A machine with more keeps them where its own tools watch them. */
const MAX_FILES = 64;
/** Asked at 3 s each at most. */
const MAX_PORTS = 8;

/**
 * Of /etc/ssl and /etc/pki only files of their own: links lead to the authorities that the system ships, and bundles hold those.
 * `apt-get -s` works on a copy in memory and needs no lock, and takes a processor for a second: what else runs there goes first.
 * On systems with dpkg whoever wants a restart says so in that file; without it nobody wants one.
 * A kernel that came after the boot waits for a restart; ctime, as packages set mtime to the day on which they were built.
 */
export const UPKEEP_SCRIPT = `\
certificate() {
  openssl x509 -noout -subject -issuer -enddate -fingerprint -sha1 -nameopt RFC2253 "$@"
}
certificates() {
  has openssl || return
  echo "$n certificates"
  i=0
  for f in /etc/letsencrypt/live/*/cert.pem /etc/ssl/*.pem /etc/ssl/*.crt /etc/ssl/certs/*.pem /etc/ssl/certs/*.crt /etc/ssl/private/*.pem /etc/pki/tls/certs/*.pem /etc/pki/tls/certs/*.crt /etc/nginx/ssl/*.pem /etc/nginx/ssl/*.crt /etc/apache2/ssl/*.pem /etc/apache2/ssl/*.crt /etc/haproxy/*.pem /etc/haproxy/certs/*.pem; do
    [ -r "$f" ] || continue
    [ -f "$f" ] || continue
    case $f in
    /etc/letsencrypt/*) ;;
    */ca-certificates.crt | */ca-bundle* | */tls-ca-bundle*) continue ;;
    *) [ -h "$f" ] && continue ;;
    esac
    i=$((i + 1))
    [ "$i" -le ${MAX_FILES} ] || break
    echo "file $f"
    certificate -in "$f" </dev/null
  done
  has ss || return
  i=0
  seen=' '
  limited 5 ss -ltn | while read -r _ _ _ l _; do
    p=\${l##*:}
    a=\${l%:*}
    case $p in ${TLS_PORTS.join(' | ')}) ;; *) continue ;; esac
    case $seen in *" $p "*) continue ;; esac
    case $a in
    *%*) continue ;;
    '*' | 0.0.0.0) a=127.0.0.1 ;;
    '[::]') a='[::1]' ;;
    esac
    seen="$seen$p "
    i=$((i + 1))
    [ "$i" -le ${MAX_PORTS} ] || break
    echo "port $p"
    limited 3 openssl s_client -connect "$a:$p" | certificate
  done
}
updates() {
  if has apt-get; then
    echo "$n apt"
    for f in /var/lib/apt/lists/partial /var/lib/apt/periodic/update-success-stamp; do
      [ -e "$f" ] && echo "searched $(stat -c %Y "$f")"
    done
    for f in $(limited 5 ls -t /var/lib/dpkg/info); do
      case $f in *.list) echo "installed $(stat -c %Y "/var/lib/dpkg/info/$f")" && break ;; esac
    done
    l=$(limited 20 nice -n 5 apt-get -s -o Debug::NoLocking=1 -o APT::Get::Show-User-Simulation-Note=0 dist-upgrade) && echo known && echo "$l" | grep '^Inst [^ ]* \\['
  elif has dnf; then
    echo "$n dnf"
    l=$(limited 5 stat -c %Y /var/cache/dnf/*/repodata/repomd.xml | sort -n | tail -n 1)
    [ "$l" ] && echo "searched $l"
    echo "installed $(limited 10 rpm -qa --qf '%{INSTALLTIME}\\n' | sort -n | tail -n 1)"
    l=$(limited 20 nice -n 5 dnf -C -q check-update)
    case $? in 0 | 100) echo known && echo "$l" ;; esac
    echo "$n dnf-security"
    limited 20 nice -n 5 dnf -C -q updateinfo list --security
  fi
}
restart() {
  echo "$n restart"
  if [ -e /run/reboot-required ]; then
    echo "required $(stat -c %Y /run/reboot-required)"
  elif has dpkg-query; then
    echo none
  elif has needs-restarting; then
    limited 20 needs-restarting -r >/dev/null
    case $? in 0) echo none ;; 1) echo services ;; esac
  fi
  while read -r k l; do
    [ "$k" = btime ] && echo "boot $l"
  done </proc/stat
  for f in /boot/vmlinuz-[0-9]*; do
    [ -e "$f" ] && echo "kernel \${f#/boot/vmlinuz-} $(stat -c %Z "$f")"
  done
}
`;
