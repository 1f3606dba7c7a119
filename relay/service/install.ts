// `rmm relay install`: user, folder, unit. Running it again changes nothing; nothing is started that is not enrolled.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '#shared/base/errors.ts';
import { isPlainPath, systemdUnit } from './systemd-unit.ts';

const run = promisify(execFile);

export interface InstallOptions {
  program: string;
  data: string;
  user: string;
  /** "/" on a real machine; a folder when an image is built or a test runs. */
  root: string;
  /** The unit hands the relay its keys; see `rmm relay move-keys`. */
  hasSystemCredentials?: boolean | undefined;
}

export interface InstallReport {
  unitFile: string;
  changed: string[];
}

const UNIT = 'etc/systemd/system/rmm-relay.service';

/** Needs root. With another `root` only files are written: no user is made and systemd is not asked. */
export async function installRelay(options: InstallOptions): Promise<InstallReport> {
  if (!isPlainPath(options.program))
    throw new AppError('bad-request', `${options.program}: the program's path must be absolute and plain`);
  if (!isPlainPath(options.data))
    throw new AppError('bad-request', `${options.data}: the data folder's path must be absolute and plain`);
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(options.user))
    throw new AppError('bad-request', `${options.user}: not a plain user name`);
  const isReal = options.root === '/';
  if (isReal && process.getuid?.() !== 0)
    throw new AppError('denied', 'install writes a system service: run it as root');
  const changed: string[] = [];
  if (isReal && (await makeUser(options.user))) changed.push(`user ${options.user}`);
  const data = path.join(options.root, options.data);
  if (!existsSync(data)) changed.push(options.data);
  await mkdir(data, { recursive: true, mode: 0o700 });
  await chmod(data, 0o700);
  if (isReal) await giveTo(options.user, data);
  const unitFile = path.join(options.root, UNIT);
  if (await writeIfChanged(unitFile, systemdUnit(options))) {
    changed.push(unitFile);
    if (isReal) await run('systemctl', ['daemon-reload']);
  }
  return { unitFile, changed };
}

async function makeUser(user: string): Promise<boolean> {
  try {
    await run('id', ['-u', user]);
    return false;
  } catch {
    await run('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', '--user-group', user]);
    return true;
  }
}

async function giveTo(user: string, folder: string): Promise<void> {
  const { stdout } = await run('id', ['-u', user]);
  const uid = Number(stdout.trim());
  const { uid: owner } = await stat(folder);
  if (owner !== uid) await run('chown', ['-R', '--no-dereference', `${user}:${user}`, folder]);
  else await chown(folder, uid, -1);
}

async function writeIfChanged(file: string, text: string): Promise<boolean> {
  if (existsSync(file) && (await readFile(file, 'utf8')) === text) return false;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text, { mode: 0o644 });
  return true;
}
