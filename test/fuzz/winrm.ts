// `fuzz winrm`: hostile Windows machines in a process of their own, under a watch that ends it if it hangs.
import type { Figures } from '#test/judge.ts';
import { watchChild } from './watched-child.ts';
import type { WinrmReport } from './winrm-child.ts';

export interface WinrmOptions {
  count: number;
  seed: number;
  say: (line: string) => void;
}

export async function fuzzWinrm({ count, seed, say }: WinrmOptions): Promise<Figures> {
  let done = 0;
  let figures: Figures | undefined;
  let isStuck = false;
  const code = await watchChild<WinrmReport>({
    script: './winrm-child.ts',
    args: [count, seed],
    execArgv: ['--expose-gc'],
    onTold: (told) => {
      if (told.kind === 'finding') say(told.sentence);
      else if (told.kind === 'done') figures = told.figures;
      else {
        done = told.done;
        if (done % 2_000 === 0) say(`${done} of ${count} cases`);
      }
    },
    onStuck: () => {
      isStuck = true;
      say(`stuck after case ${done} of seed ${seed}`);
    },
  });
  if (figures === undefined && !isStuck) say(`the process ended with ${code} after case ${done} of seed ${seed}`);
  return figures ?? { inputs: done, crashes: isStuck ? 0 : 1, hangs: isStuck ? 1 : 0 };
}
