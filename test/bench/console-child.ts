// Starts a console in a process of its own for a bench, and ends it: so its processor time is its own, and our work does not slow it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Forks a file of this folder, says `request` to it, and answers with its reply; throws what the child says went wrong. */
export async function startChild(file: string, request: object): Promise<{ child: ChildProcess; reply: object }> {
  const entry = fileURLToPath(new URL(`./${file}`, import.meta.url));
  const child = fork(entry, { cwd: fileURLToPath(new URL('.', import.meta.url)), execArgv: ['--import', 'tsx'] });
  return { child, reply: await ask(child, request) };
}

/** The same for a program that was bundled. */
export async function startProgram(file: string, request: object): Promise<{ child: ChildProcess; reply: object }> {
  const child = fork(file, {
    execArgv:
      process.env['BENCH_PROFILE'] === undefined
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${process.env['BENCH_PROFILE']}`],
  });
  return { child, reply: await ask(child, request) };
}

/** The next thing the child says after `request`. */
export async function ask(child: ChildProcess, request: object): Promise<object> {
  const ended = new AbortController();
  const replied = once(child, 'message', { signal: ended.signal });
  const onExit = () => ended.abort(new Error('the console of the bench ended by itself'));
  child.once('exit', onExit);
  child.send(request);
  const [reply] = (await replied.finally(() => child.off('exit', onExit))) as [{ op: string; error?: string }]; // our own child speaks our own form
  if (reply.op === 'failed') throw new Error(reply.error);
  return reply;
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  // 5 s: it has nothing to finish.
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  child.send({ op: 'stop' });
  await ended;
  clearTimeout(timer);
}
