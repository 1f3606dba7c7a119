// Makes this machine look neglected to those who log in by one sshd: an expired certificate, nothing installed for 40 days, a restart that waits.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { systemClock } from '#shared/base/clock.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import { SSHD } from '#test/peers/sshd.ts';

const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const DAY_MS = 86_400_000;
/** An address of loopback that nobody else listens on, and a port that is known for TLS. */
const SERVED_AT = { host: '127.0.0.77', port: 10_250 };

export const NEGLECTED: ReadonlyArray<{ check: string; severity: Severity }> = [
  { check: 'certificate.end', severity: 'critical' },
  { check: 'certificate.end', severity: 'medium' },
  { check: 'patch.age', severity: 'high' },
  { check: 'restart.pending', severity: 'medium' },
];

export interface NeglectedMachine extends AsyncDisposable {
  /** For startSshd: an sshd that sees folders of ours where the system's are; nothing of the machine itself is changed. */
  program: () => string;
  neglect(): void;
  care(): Promise<void>;
}

export function neglectedMachine(folder: string): NeglectedMachine {
  const [run, ssl, info] = ['run', 'ssl', 'info'].map((name) => path.join(folder, name)) as [string, string, string]; // three names
  mkdirSync(path.join(run, 'sshd'), { recursive: true, mode: 0o755 });
  mkdirSync(info);
  cpSync('/etc/ssl', ssl, { recursive: true, verbatimSymlinks: true });
  const installed = (daysAgo: number) => {
    const at = (systemClock.now() - daysAgo * DAY_MS) / 1_000;
    writeFileSync(path.join(info, 'bash.list'), '');
    utimesSync(path.join(info, 'bash.list'), at, at);
  };
  installed(1);
  let server: Server | undefined;
  const stopServer = async () => {
    if (server?.listening !== true) return;
    server.close();
    await once(server, 'close');
  };
  return {
    program: () => writeProgram(folder, { [run]: '/run', [ssl]: '/etc/ssl', [info]: '/var/lib/dpkg/info' }),
    neglect: () => {
      makeCertificate(path.join(ssl, 'expired'), { madeDaysAgo: 10, days: 2 });
      const served = makeCertificate(path.join(folder, 'served'), { madeDaysAgo: 0, days: 20 });
      const [cert, key] = [readFileSync(`${served}.pem`), readFileSync(`${served}.key`)];
      server = createServer({ cert, key }, (socket) => socket.end()).listen(SERVED_AT);
      installed(40);
      const required = path.join(run, 'reboot-required');
      writeFileSync(required, '*** System restart required ***\n');
      utimesSync(required, systemClock.now() / 1_000 - 8 * 86_400, systemClock.now() / 1_000 - 8 * 86_400);
    },
    care: async () => {
      await stopServer();
      rmSync(path.join(ssl, 'expired.pem'));
      rmSync(path.join(run, 'reboot-required'));
      installed(0);
    },
    [Symbol.asyncDispose]: stopServer,
  };
}

/** A mount namespace of its own: what is laid over the system's folders is seen by this sshd alone, and ends with it. */
function writeProgram(folder: string, over: Readonly<Record<string, string>>): string {
  const file = path.join(folder, 'sshd-of-its-own');
  const mounts = Object.entries(over).map(([from, to]) => `mount --bind '${from}' ${to}`);
  const inside = [...mounts, `exec ${SSHD} "$@"`].join(' && ');
  const script = `#!/bin/sh\nexec unshare --mount --propagation slave sh -c '${inside.replaceAll("'", `'\\''`)}' sh "$@"\n`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}

/** A real one: made by openssl so many days ago. */
function makeCertificate(at: string, { madeDaysAgo, days }: { madeDaysAgo: number; days: number }): string {
  const kind = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    `/CN=${path.basename(at)}.test`,
  ];
  execFileSync('openssl', ['req', '-x509', ...kind, '-days', `${days}`, '-out', `${at}.pem`, '-keyout', `${at}.key`], {
    stdio: 'pipe',
    env: { ...process.env, LD_PRELOAD: FAKETIME, FAKETIME: `-${madeDaysAgo}d` },
  });
  return at;
}
