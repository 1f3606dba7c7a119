// A login of this machine that exists as long as a test: a random password, a home in the test's folder, removed at stop.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync } from 'node:fs';
import { signalProcess } from './process-tree.ts';

export interface ThrowawayUser {
  name: string;
  password: string;
  home: string;
  uid: number;
  gid: number;
  remove(): void;
}

const NAME = /^rmmt(\d+)x[0-9a-f]+$/;

/** They come and go in the same /etc/passwd that other tests read meanwhile. */
export const isThrowawayName = (name: string): boolean => NAME.test(name);

// Another test may hold the lock of /etc/passwd for a moment.
const TRIES = 20;

function account(command: string, args: string[], input?: string): void {
  for (let left = TRIES; ; left -= 1) {
    const ran = spawnSync(command, args, { input, encoding: 'utf8' });
    if (ran.status === 0) return;
    if (left === 0 || !/lock/.test(ran.stderr)) throw new Error(`${command}: ${ran.stderr}`);
    execFileSync('sleep', ['0.2']);
  }
}

/** Removes users of test runs that were killed before they could. */
function sweep(): void {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, pid] = NAME.exec(line.split(':')[0] ?? '') ?? [];
    if (name !== undefined && !signalProcess(Number(pid), 0)) spawnSync('userdel', [name]);
  }
}

/** Needs root. `home` is made, owned by the user. */
export function addThrowawayUser(home: string, shell = '/bin/bash'): ThrowawayUser {
  sweep();
  const name = `rmmt${process.pid}x${randomBytes(3).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  account('useradd', ['--no-create-home', '--home-dir', home, '--shell', shell, '--no-log-init', name]);
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  // On stdin: an argument would stand in the process list.
  account('chpasswd', [], `${name}:${password}\n`);
  mkdirSync(home, { mode: 0o700 });
  const [uid, gid] = [id('-u'), id('-g')];
  chownSync(home, uid, gid);
  chmodSync(home, 0o700);
  return { name, password, home, uid, gid, remove: () => account('userdel', ['--force', name]) };
}
