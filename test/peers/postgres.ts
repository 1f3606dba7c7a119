// A private PostgreSQL 15 of Debian's packages in a temporary folder: no TCP port, gone without a trace after stop().
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';

const BIN = '/usr/lib/postgresql/15/bin';

export interface PostgresPeer {
  connectionString: string;
  stop(): Promise<void>;
}

interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: then Debian's own `postgres` account runs it. */
function account(): Account | undefined {
  if (userInfo().uid !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function waitUntilReady(socket: string, server: ChildProcess, log: () => string): Promise<void> {
  const deadline = systemClock.monotonic() + 30_000;
  while (spawnSync(path.join(BIN, 'pg_isready'), ['-q', '-h', socket], { timeout: 5_000 }).status !== 0) {
    if (server.exitCode !== null) throw new Error(`postgres ended: ${log()}`);
    if (systemClock.monotonic() > deadline) throw new Error(`postgres is not ready: ${log()}`);
    await systemClock.sleep(50);
  }
}

async function stopServer(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = once(server, 'exit');
    // Immediate shutdown: the data is thrown away, so nothing is worth a checkpoint.
    server.kill('SIGQUIT');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

function makeCluster(folder: string, as: Account | undefined): string {
  const data = path.join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (as !== undefined) for (const one of [folder, data]) chownSync(one, as.uid, as.gid);
  const options = ['-D', data, '-U', 'rmm', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(path.join(BIN, 'initdb'), options, { cwd: folder, ...as, stdio: 'pipe' });
  return data;
}

/** Starts one; takes about two seconds. The socket lies in a folder that only this account (and root) can enter. */
export async function startPostgres(): Promise<PostgresPeer> {
  // Short, because the path of a socket holds 107 bytes at most.
  const folder = mkdtempSync('/tmp/rmm-pg-');
  const as = account();
  try {
    const data = makeCluster(folder, as);
    const settings = { listen_addresses: '', unix_socket_directories: folder, fsync: 'off', full_page_writes: 'off' };
    // It ends with us, also when we are killed.
    const command = ['--pdeathsig', 'QUIT', '--', path.join(BIN, 'postgres'), '-D', data];
    for (const [name, value] of Object.entries(settings)) command.push('-c', `${name}=${value}`);
    const server = spawn('setpriv', command, { cwd: folder, ...as, stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    server.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000);
    });
    const connectionString = `postgresql://rmm@/postgres?host=${encodeURIComponent(folder)}`;
    const stop = () => stopServer(server, folder);
    await waitUntilReady(folder, server, () => log).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { connectionString, stop };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
