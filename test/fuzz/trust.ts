// `fuzz jws` and `fuzz manifest`: mutations of what human keys signed, shared among processes; none may be taken that says anything else.
import { availableParallelism } from 'node:os';
import type { Figures } from '#test/judge.ts';
import type { TrustKind, TrustReport, TrustTally } from './trust-child.ts';
import { watchChild } from './watched-child.ts';

export interface TrustFuzzOptions {
  kind: TrustKind;
  count: number;
  seed: number;
  say: (line: string) => void;
}

/** More than this many help no machine that tests run on, and each takes 100 MB. */
const MAX_WORKERS = 4;
const TELL_EVERY = 50_000;

interface Share extends TrustFuzzOptions {
  from: number;
  to: number;
  onDone: (inputs: number) => void;
}

/** Inputs `from` to `to`; undefined when the process died or hung, which was told. */
async function runShare({ kind, seed, from, to, say, onDone }: Share): Promise<TrustTally | undefined> {
  let at = from;
  let tally: TrustTally | undefined;
  const code = await watchChild<TrustReport>({
    script: './trust-child.ts',
    args: [kind, seed, from, to],
    onTold: (told) => {
      if (told.type === 'finding') say(told.sentence);
      else if (told.type === 'done') tally = told.tally;
      else {
        onDone(told.at - at);
        at = told.at;
      }
    },
    onStuck: () => say(`stuck at input ${at} of seed ${seed}`),
  });
  if (tally === undefined) say(`a worker ended with ${code} after input ${at} of seed ${seed}`);
  return tally;
}

export async function fuzzTrust(options: TrustFuzzOptions): Promise<Figures> {
  const { count, say } = options;
  const workers = Math.min(MAX_WORKERS, availableParallelism());
  let done = 0;
  const onDone = (inputs: number) => {
    const before = Math.floor(done / TELL_EVERY);
    done += inputs;
    if (Math.floor(done / TELL_EVERY) > before) say(`${done} of ${count} inputs`);
  };
  const edge = (n: number) => Math.floor((count * n) / workers);
  const shares = Array.from({ length: workers }, (_, n) =>
    runShare({ ...options, from: edge(n), to: edge(n + 1), onDone }),
  );
  const tallies = await Promise.all(shares);
  const sum = (of: keyof TrustTally) => tallies.reduce((all, tally) => all + (tally?.[of] ?? 0), 0);
  return {
    inputs: sum('formless') + sum('refused') + sum('same') + sum('different') + sum('crashes'),
    acceptedOther: sum('different'),
    // A worker that died without its tally is a crash too.
    crashes: sum('crashes') + tallies.filter((tally) => tally === undefined).length,
    refused: sum('formless') + sum('refused'),
    refusedByProof: sum('refused'),
    unchanged: sum('same'),
    workers,
  };
}
