// A real Kerberos realm: Debian's MIT KDC with its own database, keytab and configuration in a private folder, on a port of loopback.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';

export interface KdcOptions {
  /** Users with their passwords. */
  users: Readonly<Record<string, string>>;
  /** Services such as HTTP/srv1.test: their keys lie in the keytab. */
  services: readonly string[];
  /** How far the KDC's clock is ahead, in words of libfaketime such as `+1h`. */
  clockOffset?: string;
  /** Of the keys that are made; default the strongest of 1.20. */
  enctypes?: string;
}

export interface KdcPeer {
  realm: string;
  /** krb5.conf that knows this realm and nothing else. */
  configFile: string;
  /** Keys of the services. */
  keytab: string;
  port: number;
  /** What it has logged. */
  log(): string;
  stop(): Promise<void>;
}

export const REALM = 'RMM.TEST';
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

/** Asks no name server and believes none; `kdc_timesync` off, so that clocks that differ are seen. */
const krb5Conf = (port: number, enctypes: string) => `[libdefaults]
  default_realm = ${REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  kdc_timesync = 0
  udp_preference_limit = 1
  permitted_enctypes = ${enctypes}
  allow_weak_crypto = true
[realms]
  ${REALM} = {
    kdc = 127.0.0.1:${port}
  }
`;

const kdcConf = (folder: string, port: number, enctypes: string) => `[kdcdefaults]
  kdc_listen = ""
  kdc_tcp_listen = 127.0.0.1:${port}
[realms]
  ${REALM} = {
    database_name = ${folder}/principal
    key_stash_file = ${folder}/stash
    acl_file = ${folder}/acl
    supported_enctypes = ${enctypes
      .split(' ')
      .map((one) => `${one}:normal`)
      .join(' ')}
    default_principal_flags = +preauth
  }
[logging]
  kdc = STDERR
`;

function makeRealm(folder: string, env: NodeJS.ProcessEnv, { users, services }: KdcOptions, keytab: string): void {
  const options = { env, cwd: folder, stdio: 'pipe' } as const;
  execFileSync('/usr/sbin/kdb5_util', ['create', '-s', '-r', REALM, '-P', 'master-of-a-test'], options);
  const commands = [
    ...Object.entries(users).map(([user, password]) => `addprinc -pw "${password}" ${user}`),
    ...services.flatMap((service) => [`addprinc -randkey ${service}`, `ktadd -k ${keytab} ${service}`]),
  ];
  execFileSync('/usr/sbin/kadmin.local', ['-r', REALM], { ...options, input: `${commands.join('\n')}\n` });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function waitUntilReady(server: ChildProcess, port: number, log: () => string): Promise<void> {
  const deadline = systemClock.monotonic() + 30_000;
  while (!(await answers(port))) {
    if (server.exitCode !== null || systemClock.monotonic() > deadline) throw new Error(`no KDC: ${log()}`);
    await systemClock.sleep(20);
  }
}

/** Starts one; takes about half a second. */
export async function startKdc(options: KdcOptions): Promise<KdcPeer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rmm-kdc-'));
  const port = await freePort();
  const file = (name: string) => path.join(folder, name);
  const enctypes = options.enctypes ?? 'aes256-cts-hmac-sha1-96';
  writeFileSync(file('krb5.conf'), krb5Conf(port, enctypes));
  writeFileSync(file('kdc.conf'), kdcConf(folder, port, enctypes));
  const env = { ...process.env, KRB5_CONFIG: file('krb5.conf'), KRB5_KDC_PROFILE: file('kdc.conf') };
  const faked =
    options.clockOffset === undefined
      ? {}
      : { LD_PRELOAD: FAKETIME, FAKETIME: options.clockOffset, FAKETIME_NO_CACHE: '1' };
  let log = '';
  try {
    makeRealm(folder, env, options, file('keytab'));
    // It ends with us, also when we are killed.
    const command = ['--pdeathsig', 'TERM', '--', '/usr/sbin/krb5kdc', '-n', '-r', REALM];
    const server = spawn('setpriv', command, {
      cwd: folder,
      env: { ...env, ...faked },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    server.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-100_000);
    });
    const stop = async () => {
      const ended = server.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined;
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    };
    await waitUntilReady(server, port, () => log).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { realm: REALM, configFile: file('krb5.conf'), keytab: file('keytab'), port, log: () => log, stop };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
