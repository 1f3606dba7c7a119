// PostgreSQL's own programs for a whole copy of a database and the way back; the password goes by the environment, never as an argument.
import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { promisify } from 'node:util';
import { readPostgresAddress } from '#console/store/postgres-address.ts';
import { AppError } from '#shared/base/errors.ts';
import { syncPath } from './durable-copy.ts';

const run = promisify(execFile);

// 6 h: a database of a hundred gigabytes on a slow disk.
const DEADLINE_MS = 6 * 3_600_000;

/** Ours proves who the server is unless it need not; libpq needs the authority's file for that. */
function tlsEnvironment(address: string): Record<string, string> {
  const query = new URL(address.replace(/^(\w+:\/\/(?:[^/?#]*@)?)(?=[/?#]|$)/, '$1no-host.invalid')).searchParams;
  const [mode, root] = [query.get('sslmode'), query.get('sslrootcert')];
  if (mode === null) return {};
  if (mode === 'disable') return { PGSSLMODE: 'disable' };
  if (mode === 'no-verify' || root === null) return { PGSSLMODE: 'require' };
  return { PGSSLMODE: 'verify-full', PGSSLROOTCERT: root };
}

function environmentOf(address: string): NodeJS.ProcessEnv {
  const { host, port, database, user, password } = readPostgresAddress(address, process.env);
  return {
    ...process.env,
    ...(host === undefined ? {} : { PGHOST: host }),
    ...(port === undefined ? {} : { PGPORT: String(port) }),
    ...(database === undefined ? {} : { PGDATABASE: database }),
    ...(user === undefined ? {} : { PGUSER: user }),
    ...(password === undefined ? {} : { PGPASSWORD: password }),
    ...tlsEnvironment(address),
  };
}

async function tool(name: string, args: readonly string[], address: string): Promise<void> {
  try {
    await run(name, [...args], { env: environmentOf(address), timeout: DEADLINE_MS });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      throw new AppError(
        'unavailable',
        `${name} is not on this machine: install PostgreSQL's client programs of the server's version`,
        { cause },
      );
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().split('\n')[0] : '';
    throw new AppError('unavailable', `${name} failed: ${said ?? ''}`, { cause });
  }
}

/** One state of the whole database, while everybody works on. */
export async function dumpPostgres(address: string, target: string): Promise<void> {
  await tool('pg_dump', ['--format=custom', '--no-owner', '--no-privileges', `--file=${target}`], address);
  chmodSync(target, 0o600);
  syncPath(target);
}

/** All or nothing, into a database without tables of ours. */
export async function restorePostgres(address: string, dump: string): Promise<void> {
  const database = readPostgresAddress(address, process.env).database ?? process.env['PGDATABASE'] ?? '';
  const args = [
    '--no-owner',
    '--no-privileges',
    '--single-transaction',
    '--exit-on-error',
    `--dbname=${database}`,
    dump,
  ];
  await tool('pg_restore', args, address);
}
