// A technician's script in a real /bin/sh, in the device's own folder: for what the mini shell does not know. Loopback tests only.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { ExecOutput } from './exec-output.ts';

/** How a script ended; signals by their SSH names, "KILL". */
export type ShellEnd = { code: number } | { signal: string };

/** Runs `script` under `<sandbox>/<name>`; the whole process group dies when the output's signal aborts. */
export function runRealShell(script: string, sandbox: string, name: string, output: ExecOutput): Promise<ShellEnd> {
  const folder = path.join(sandbox, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const env = { PATH: '/usr/bin:/bin', HOME: folder, LC_ALL: 'C' };
  const child = spawn('/bin/sh', ['-s'], { cwd: folder, env, detached: true });
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    const pump = async (source: NodeJS.ReadableStream, write: ExecOutput['stdout']) => {
      for await (const chunk of source) await write(chunk);
    };
    const pumps = Promise.allSettled([pump(child.stdout, output.stdout), pump(child.stderr, output.stderr)]);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      output.signal.removeEventListener('abort', onAbort);
      void pumps.then(() => resolve(signal === null ? { code: code ?? 1 } : { signal: signal.replace(/^SIG/, '') }));
    });
    output.signal.addEventListener('abort', onAbort, { once: true });
    child.stdin.on('error', () => undefined); // the script may exit before it has read all of its input
    child.stdin.end(script);
  });
}
