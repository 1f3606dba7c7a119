// `fuzz frames`: hostile frames, record batches and delta batches in a process of their own, under a watch that ends it if it hangs.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figures } from '#test/judge.ts';
import type { ChildReport } from './frames-child.ts';

export interface FramesOptions {
  count: number;
  seed: number;
  say: (line: string) => void;
}

/** A thousand inputs take under a tenth of a second: a process silent for so long is stuck in one. */
const SILENCE_MS = 60_000;

export function fuzzFrames({ count, seed, say }: FramesOptions): Promise<Figures> {
  const child = fork(fileURLToPath(new URL('./frames-child.ts', import.meta.url)), [String(count), String(seed)], {
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  return new Promise((resolve) => {
    let done = 0;
    let figures: Figures | undefined;
    let isStuck = false;
    const onSilence = () => {
      isStuck = true;
      say(`stuck after input ${done} of seed ${seed}`);
      child.kill('SIGKILL');
    };
    let watch = setTimeout(onSilence, SILENCE_MS);
    child.on('message', (message) => {
      const told = message as ChildReport; // our own child, started a few lines above
      clearTimeout(watch);
      watch = setTimeout(onSilence, SILENCE_MS);
      if (told.kind === 'finding') say(told.sentence);
      else if (told.kind === 'done') figures = told.figures;
      else {
        done = told.done;
        if (done % 100_000 === 0) say(`${done} of ${count} inputs`);
      }
    });
    child.on('exit', (code) => {
      clearTimeout(watch);
      if (figures === undefined && !isStuck) say(`the process ended with ${code} after input ${done} of seed ${seed}`);
      resolve(figures ?? { inputs: done, crashes: isStuck ? 0 : 1, hangs: isStuck ? 1 : 0 });
    });
  });
}
