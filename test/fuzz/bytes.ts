// `fuzz frames` and `fuzz chunks`: hostile bytes in a process of their own, under a watch that ends it if it hangs.
import type { Figures } from '#test/judge.ts';
import type { BytesKind, ChildReport } from './bytes-child.ts';
import { watchChild } from './watched-child.ts';

export interface BytesOptions {
  kind: BytesKind;
  count: number;
  seed: number;
  say: (line: string) => void;
}

export async function fuzzBytes({ kind, count, seed, say }: BytesOptions): Promise<Figures> {
  let done = 0;
  let figures: Figures | undefined;
  let isStuck = false;
  const code = await watchChild<ChildReport>({
    script: './bytes-child.ts',
    args: [kind, count, seed],
    execArgv: ['--expose-gc'],
    onTold: (told) => {
      if (told.kind === 'finding') say(told.sentence);
      else if (told.kind === 'done') figures = told.figures;
      else {
        done = told.done;
        if (done % 100_000 === 0) say(`${done} of ${count} inputs`);
      }
    },
    onStuck: () => {
      isStuck = true;
      say(`stuck after input ${done} of seed ${seed}`);
    },
  });
  if (figures === undefined && !isStuck) say(`the process ended with ${code} after input ${done} of seed ${seed}`);
  return figures ?? { inputs: done, crashes: isStuck ? 0 : 1, hangs: isStuck ? 1 : 0 };
}
