// A real private sshd: own host key, own config, an ephemeral port of loopback; nothing of it is left after stop().
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';
import { descendantsOf, signalProcess } from './process-tree.ts';
import { addThrowawayUser, type ThrowawayUser } from './throwaway-user.ts';

export interface SshdOptions {
  /** Default 127.0.0.1; 0.0.0.0 serves every 127.x.y.z, so that one sshd can stand for many addresses. */
  address?: string;
  /** sshd's own defaults are 10 and 10:30:100. */
  maxSessions?: number;
  maxStartups?: number;
  /** A user with a password besides root's key; needs root. */
  withUser?: boolean;
  /** Lines for its config, before ours: sshd takes the first value of a keyword. */
  config?: string[] | ((folder: string) => string[]);
  /** Makes another program of it in its folder, and says where. */
  program?: (folder: string) => string;
}

export interface SshdPeer {
  port: number;
  pid: number;
  folder: string;
  /** The account that runs the tests logs in with this key. */
  user: string;
  clientKeyPem: string;
  hostKeyFingerprint: string;
  /** With `withUser`. */
  throwaway: ThrowawayUser | undefined;
  /** What it has logged, at level VERBOSE. */
  log(): string;
  /** Stops the listener and all its sessions in mid-air, as a hung machine does. */
  freeze(): void;
  thaw(): void;
  /** Another host key on the same port; sessions go on. Resolves with its fingerprint. */
  swapHostKey(): Promise<string>;
  /** Cuts every open session without a word. */
  cutSessions(): void;
  stop(): Promise<void>;
}

export const SSHD = '/usr/sbin/sshd';

function makeKey(file: string): string {
  rmSync(file, { force: true });
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file], { stdio: 'ignore' });
  const blob = Buffer.from(readFileSync(`${file}.pub`, 'utf8').split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

function writeConfig(folder: string, port: number, options: SshdOptions): string {
  const file = path.join(folder, 'sshd_config');
  mkdirSync(path.join(folder, 'own-home'), { mode: 0o700 });
  const lines = [
    ...(typeof options.config === 'function' ? options.config(folder) : (options.config ?? [])),
    `ListenAddress ${options.address ?? '127.0.0.1'}:${port}`,
    `HostKey ${path.join(folder, 'host_key')}`,
    `AuthorizedKeysFile ${path.join(folder, 'authorized_keys')}`,
    'PidFile none',
    'LogLevel VERBOSE',
    'UsePAM no',
    'UseDNS no',
    'StrictModes no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'PrintMotd no',
    'Subsystem sftp internal-sftp',
    ...(options.maxSessions === undefined ? [] : [`MaxSessions ${options.maxSessions}`]),
    ...(options.maxStartups === undefined ? [] : [`MaxStartups ${options.maxStartups}`]),
    // An empty home of its own: what this machine's .bashrc does is no part of a measurement.
    `Match User ${userInfo().username}`,
    `SetEnv HOME=${path.join(folder, 'own-home')}`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** True once something greets as SSH on the port. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (chunk) => {
      resolve(chunk.toString('latin1').startsWith('SSH-'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}

async function waitUntilReady(server: ChildProcess, port: number, log: () => string): Promise<void> {
  const deadline = systemClock.monotonic() + 10_000;
  while (!(await greets(port))) {
    if (server.exitCode !== null || systemClock.monotonic() > deadline) throw new Error(`sshd is not ready: ${log()}`);
    await systemClock.sleep(20);
  }
}

class RunningSshd implements SshdPeer {
  readonly port: number;
  readonly folder: string;
  readonly user = userInfo().username;
  readonly clientKeyPem: string;
  readonly throwaway: ThrowawayUser | undefined;
  hostKeyFingerprint: string;
  readonly #server: ChildProcess;
  #log = '';

  constructor(
    server: ChildProcess,
    setup: { port: number; folder: string; fingerprint: string; throwaway: ThrowawayUser | undefined },
  ) {
    this.#server = server;
    this.port = setup.port;
    this.folder = setup.folder;
    this.hostKeyFingerprint = setup.fingerprint;
    this.throwaway = setup.throwaway;
    this.clientKeyPem = readFileSync(path.join(setup.folder, 'client_key'), 'utf8');
    // 4 MB: more than any test makes it say.
    server.stderr?.on('data', (chunk: Buffer) => {
      this.#log = (this.#log + chunk.toString()).slice(-4_000_000);
    });
  }

  get pid(): number {
    return this.#server.pid ?? 0;
  }

  log(): string {
    return this.#log;
  }

  ready(): Promise<void> {
    return waitUntilReady(this.#server, this.port, () => this.#log);
  }

  freeze(): void {
    for (const pid of [this.pid, ...descendantsOf(this.pid)]) signalProcess(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of [...descendantsOf(this.pid), this.pid]) signalProcess(pid, 'SIGCONT');
  }

  async swapHostKey(): Promise<string> {
    this.hostKeyFingerprint = makeKey(path.join(this.folder, 'host_key'));
    const linesBefore = this.#log.length;
    signalProcess(this.pid, 'SIGHUP');
    const deadline = systemClock.monotonic() + 10_000;
    while (!this.#log.slice(linesBefore).includes('Server listening')) {
      if (systemClock.monotonic() > deadline) throw new Error(`sshd did not restart: ${this.#log}`);
      await systemClock.sleep(20);
    }
    return this.hostKeyFingerprint;
  }

  cutSessions(): void {
    const isSshd = (pid: number) => {
      try {
        return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sshd';
      } catch {
        return false; // it has ended
      }
    };
    for (const pid of descendantsOf(this.pid).filter(isSshd)) signalProcess(pid, 'SIGKILL');
  }

  async stop(): Promise<void> {
    try {
      if (this.#server.exitCode === null && this.#server.signalCode === null) {
        this.thaw();
        const ended = once(this.#server, 'exit');
        const sessions = descendantsOf(this.pid);
        this.#server.kill('SIGTERM');
        await ended;
        for (const pid of sessions) signalProcess(pid, 'SIGKILL');
      }
    } finally {
      this.throwaway?.remove();
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

/** Removes the folders of test runs that were killed before they could; their sshd ended with them. */
function sweepFolders(): void {
  for (const name of readdirSync('/tmp')) {
    const pid = /^rmm-sshd-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !signalProcess(Number(pid), 0))
      rmSync(path.join('/tmp', name), { recursive: true, force: true });
  }
}

/** Starts one; takes about a tenth of a second, half a second with a user. */
export async function startSshd(options: SshdOptions = {}): Promise<SshdPeer> {
  sweepFolders();
  const folder = mkdtempSync(`/tmp/rmm-sshd-${process.pid}-`);
  // Others must pass through to their home and to the keys; what is secret inside has its own mode.
  chmodSync(folder, 0o755);
  let throwaway: ThrowawayUser | undefined;
  try {
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const fingerprint = makeKey(path.join(folder, 'host_key'));
    makeKey(path.join(folder, 'client_key'));
    writeFileSync(path.join(folder, 'authorized_keys'), readFileSync(path.join(folder, 'client_key.pub')));
    if (options.withUser === true) throwaway = addThrowawayUser(path.join(folder, 'home'));
    const port = await freePort(options.address ?? '127.0.0.1');
    const config = writeConfig(folder, port, options);
    // It ends with us, also when we are killed. sshd starts itself anew per connection and wants its full path for that.
    const command = ['--pdeathsig', 'TERM', '--', options.program?.(folder) ?? SSHD, '-D', '-e', '-f', config];
    const server = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'pipe'] });
    const peer = new RunningSshd(server, { port, folder, fingerprint, throwaway });
    await peer.ready().catch(async (error: unknown) => {
      await peer.stop();
      throw error;
    });
    return peer;
  } catch (error) {
    throwaway?.remove();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
