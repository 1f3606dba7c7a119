// A fuzzing process under a watch: what says nothing for too long is stuck in one input, and is ended.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A child tells of each thousand inputs, which take a tenth of a second to a second. */
const SILENCE_MS = 60_000;

export interface WatchedChild<T> {
  /** Beside this file. */
  script: string;
  args: ReadonlyArray<string | number>;
  execArgv?: readonly string[];
  onTold: (told: T) => void;
  onStuck: () => void;
}

/** Resolves with the exit code once the process is gone; null when a signal ended it. */
export function watchChild<T>({
  script,
  args,
  execArgv = [],
  onTold,
  onStuck,
}: WatchedChild<T>): Promise<number | null> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args.map(String), {
    execArgv: [...process.execArgv, ...execArgv],
  });
  return new Promise((resolve) => {
    const onSilence = () => {
      onStuck();
      child.kill('SIGKILL');
    };
    let watch = setTimeout(onSilence, SILENCE_MS);
    child.on('message', (message) => {
      clearTimeout(watch);
      watch = setTimeout(onSilence, SILENCE_MS);
      onTold(message as T); // our own child, started a few lines above
    });
    child.on('exit', (code) => {
      clearTimeout(watch);
      resolve(code);
    });
  });
}
