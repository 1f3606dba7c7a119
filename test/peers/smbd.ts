// A real private smbd: own folders, own account, an ephemeral port of loopback; nothing of it is left after stop().
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';
import { descendantsOf, signalProcess } from './process-tree.ts';

/** What administrators set: Samba's defaults, then each demand that a client must meet. NTLMv2 alone is taken by all. */
export const SMBD_SETTINGS = {
  defaults: [],
  signing: ['server signing = mandatory'],
  'only-3.1.1': ['server min protocol = SMB3_11', 'server signing = mandatory'],
  encrypted: ['server smb encrypt = required'],
  'at-most-3.0': ['server max protocol = SMB3_00', 'server signing = mandatory'],
  'at-most-3.0.2': ['server max protocol = SMB3_02', 'server smb encrypt = required'],
} as const satisfies Record<string, readonly string[]>;
export type SmbdSetting = keyof typeof SMBD_SETTINGS;

export interface SmbdPeer {
  readonly port: number;
  readonly pid: number;
  readonly user: string;
  readonly password: string;
  /** Of the share "files"; "sealed" beside it is the same folder, encrypted. */
  readonly folder: string;
  log(): string;
  /** Stops the listener and all its connections in mid-air. */
  freeze(): void;
  thaw(): void;
  /** Ends every connection's process without a word. */
  killConnections(): void;
  stop(): Promise<void>;
}

const SMBD = '/usr/sbin/smbd';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

function writeConfig(root: string, port: number, lines: readonly string[]): string {
  const under = (name: string) => {
    mkdirSync(path.join(root, name), { mode: 0o755 });
    return path.join(root, name);
  };
  const files = under('files');
  const file = path.join(root, 'smb.conf');
  const config = [
    '[global]',
    'server role = standalone server',
    'netbios name = RMMPEER',
    'workgroup = RMMPEERS',
    'interfaces = 127.0.0.1/8',
    'bind interfaces only = yes',
    `smb ports = ${port}`,
    'disable netbios = yes',
    'ntlm auth = ntlmv2-only',
    'map to guest = never',
    `passdb backend = tdbsam:${path.join(root, 'passdb.tdb')}`,
    ...['private', 'state', 'cache', 'pid'].map(
      (name) => `${name} ${name === 'private' ? 'dir' : 'directory'} = ${under(name)}`,
    ),
    `lock directory = ${under('lock')}`,
    `ncalrpc dir = ${under('rpc')}`,
    `log file = ${path.join(root, 'log')}`,
    'log level = 1',
    'load printers = no',
    'printcap name = /dev/null',
    'disable spoolss = yes',
    'usershare max shares = 0',
    ...lines,
    ...['files', 'sealed'].flatMap((share) => [`[${share}]`, `path = ${files}`, 'read only = no']),
    'server smb encrypt = required',
  ];
  writeFileSync(file, `${config.join('\n')}\n`);
  return file;
}

function addAccount(config: string, user: string, password: string): void {
  const args = ['--configfile', config, '--create', '--password-from-stdin', '--user', user];
  const ran = spawnSync('/usr/bin/pdbedit', args, { input: `${password}\n${password}\n`, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`pdbedit: ${ran.stderr}${ran.stdout}`);
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

class RunningSmbd implements SmbdPeer {
  readonly port: number;
  readonly user = userInfo().username;
  readonly password: string;
  readonly #server: ChildProcess;
  readonly #root: string;

  constructor(server: ChildProcess, setup: { port: number; root: string; password: string }) {
    this.#server = server;
    this.port = setup.port;
    this.password = setup.password;
    this.#root = setup.root;
  }

  get pid(): number {
    return this.#server.pid ?? 0;
  }

  get folder(): string {
    return path.join(this.#root, 'files');
  }

  log(): string {
    return readFileSync(path.join(this.#root, 'log'), 'utf8');
  }

  async ready(): Promise<void> {
    const deadline = systemClock.monotonic() + 20_000;
    while (!(await answers(this.port))) {
      if (this.#server.exitCode !== null || systemClock.monotonic() > deadline)
        throw new Error(`smbd is not ready: ${this.log()}`);
      await systemClock.sleep(20);
    }
  }

  freeze(): void {
    for (const pid of [this.pid, ...descendantsOf(this.pid)]) signalProcess(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of [...descendantsOf(this.pid), this.pid]) signalProcess(pid, 'SIGCONT');
  }

  killConnections(): void {
    for (const pid of descendantsOf(this.pid)) {
      // The listener's helpers were started with it; a connection's process is younger, and each holds our port's socket.
      if (!this.#helpers.has(pid)) signalProcess(pid, 'SIGKILL');
    }
  }

  readonly #helpers = new Set<number>();

  /** What runs before anybody connected. */
  noteHelpers(): void {
    for (const pid of descendantsOf(this.pid)) this.#helpers.add(pid);
  }

  async stop(): Promise<void> {
    try {
      if (this.#server.exitCode === null && this.#server.signalCode === null) {
        this.thaw();
        const ended = once(this.#server, 'exit');
        const children = descendantsOf(this.pid);
        this.#server.kill('SIGTERM');
        await ended;
        for (const pid of children) signalProcess(pid, 'SIGKILL');
      }
    } finally {
      rmSync(this.#root, { recursive: true, force: true });
    }
  }
}

/** Removes the folders of test runs that were killed before they could; their smbd ended with them. */
function sweepFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^rmm-smbd-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !signalProcess(Number(pid), 0))
      rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** Starts one; takes a third of a second. */
export async function startSmbd(setting: SmbdSetting, more: readonly string[] = []): Promise<SmbdPeer> {
  sweepFolders();
  const root = mkdtempSync(path.join(tmpdir(), `rmm-smbd-${process.pid}-`));
  try {
    const port = await freePort();
    const password = randomBytes(12).toString('base64url');
    const config = writeConfig(root, port, [...SMBD_SETTINGS[setting], ...more]);
    addAccount(config, userInfo().username, password);
    // It ends with us, also when we are killed; in a group of its own, because it signals all of its group when it stops.
    const command = ['--pdeathsig', 'TERM', '--', SMBD, '--foreground', '--no-process-group', '--configfile', config];
    const server = spawn('setpriv', command, { stdio: 'ignore', detached: true });
    const peer = new RunningSmbd(server, { port, root, password });
    await peer.ready().catch(async (error: unknown) => {
      await peer.stop();
      throw error;
    });
    peer.noteHelpers();
    return peer;
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
}
