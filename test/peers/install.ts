// The programs of Debian that the tests talk to: looked for, and installed where we may; a test never passes because its peer is missing.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';

export interface Peer {
  /** Debian's name of the package. */
  package: string;
  /** What of it the tests use; the peer is there when all of these are. */
  files: readonly string[];
}

export const PEERS: readonly Peer[] = [
  { package: 'openssh-server', files: ['/usr/sbin/sshd'] },
  { package: 'openssh-client', files: ['/usr/bin/ssh', '/usr/bin/ssh-keygen'] },
  { package: 'openssh-sftp-server', files: ['/usr/lib/openssh/sftp-server'] },
  { package: 'busybox', files: ['/bin/busybox'] },
  { package: 'mksh', files: ['/bin/mksh'] },
  { package: 'shellcheck', files: ['/usr/bin/shellcheck'] },
  { package: 'chromium-headless-shell', files: ['/usr/bin/chromium-headless-shell'] },
  { package: 'postgresql-15', files: ['/usr/lib/postgresql/15/bin/postgres', '/usr/lib/postgresql/15/bin/initdb'] },
  { package: 'iproute2', files: ['/bin/ss', '/bin/ip'] },
  { package: 'fping', files: ['/usr/bin/fping'] },
  { package: 'procps', files: ['/usr/bin/pgrep', '/usr/bin/pkill'] },
  { package: 'tmux', files: ['/usr/bin/tmux'] },
  { package: 'strace', files: ['/usr/bin/strace'] },
  { package: 'util-linux', files: ['/usr/bin/setpriv', '/usr/bin/setsid'] },
  // A WinRM client nobody of ours wrote; it takes MD4 from OpenSSL's legacy provider, which comes with OpenSSL itself.
  { package: 'python3-winrm', files: ['/usr/lib/python3/dist-packages/winrm/protocol.py', '/usr/bin/python3'] },
  { package: 'samba', files: ['/usr/sbin/smbd', '/usr/bin/pdbedit'] },
  { package: 'smbclient', files: ['/usr/bin/smbclient'] },
  { package: 'passwd', files: ['/usr/sbin/useradd', '/usr/sbin/chpasswd'] },
  { package: 'krb5-kdc', files: ['/usr/sbin/krb5kdc', '/usr/sbin/kdb5_util'] },
  { package: 'krb5-admin-server', files: ['/usr/sbin/kadmin.local'] },
  { package: 'python3-gssapi', files: ['/usr/lib/python3/dist-packages/gssapi/__init__.py'] },
  // What the metric plane is held against, and what reads its mirrors back; promtool judges our exposition.
  { package: 'prometheus', files: ['/usr/bin/prometheus', '/usr/bin/promtool'] },
  { package: 'victoria-metrics', files: ['/usr/bin/victoria-metrics'] },
  { package: 'influxdb', files: ['/usr/bin/influxd'] },
  // A mail server nobody of ours wrote: what people are told is counted where it arrives.
  { package: 'python3-aiosmtpd', files: ['/usr/lib/python3/dist-packages/aiosmtpd/smtp.py', '/usr/bin/python3'] },
  // A cache of names and its flush.
  { package: 'dnsmasq-base', files: ['/usr/sbin/dnsmasq'] },
  // What scripts of a repository are read with.
  { package: 'git', files: ['/usr/bin/git'] },
  { package: 'openssl', files: ['/usr/bin/openssl'] },
  { package: 'libfaketime', files: ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'] },
  // What rules of repeated times (RRULE) and written calendars are held against.
  { package: 'python3-icalendar', files: ['/usr/lib/python3/dist-packages/icalendar/cal.py'] },
  // What an order to many devices is held against.
  { package: 'ansible-core', files: ['/usr/bin/ansible'] },
  { package: 'python3-dateutil', files: ['/usr/lib/python3/dist-packages/dateutil/rrule.py', '/usr/bin/python3'] },
];

export const missingPeers = (
  peers: readonly Peer[] = PEERS,
  isThere: (file: string) => boolean = existsSync,
): readonly Peer[] => peers.filter((peer) => !peer.files.every(isThere));

const POLICY = '/usr/sbin/policy-rc.d';

/** Packages start their daemons when installed; a policy of "no" keeps them from it. Ours is removed again. */
function withoutDaemons<T>(act: () => T): T {
  if (existsSync(POLICY)) return act();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return act();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

function aptGet(...args: string[]): SpawnSyncReturns<string> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  // 10 min: chromium over a slow line.
  return spawnSync('apt-get', args, { env, encoding: 'utf8', timeout: 600_000, maxBuffer: 64 * 1024 * 1024 });
}

function install(packages: readonly string[], say: (line: string) => void): void {
  withoutDaemons(() => {
    for (const step of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
      const ran = aptGet(...step);
      if (ran.status !== 0) say(`apt-get ${step[0]} failed: ${(ran.stderr || String(ran.error)).trim().slice(-2_000)}`);
    }
  });
}

/** Installs what is missing, as root with apt-get; returns what is still missing afterwards. */
export function installPeers(say: (line: string) => void): readonly string[] {
  const names = (peers: readonly Peer[]) => peers.map((peer) => peer.package);
  const missing = names(missingPeers());
  if (missing.length === 0) return [];
  if (userInfo().uid !== 0 || !existsSync('/usr/bin/apt-get')) {
    say(`missing: ${missing.join(', ')}; as root: apt-get install --no-install-recommends ${missing.join(' ')}`);
    return missing;
  }
  say(`installing ${missing.join(', ')}`);
  install(missing, say);
  return names(missingPeers());
}
