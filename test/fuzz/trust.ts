// `fuzz jws` and `fuzz manifest`: mutations of what human keys signed, shared among processes; none may be taken that says anything else.
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Figures } from '#test/judge.ts';
import type { TrustKind, TrustReport, TrustTally } from './trust-child.ts';

export interface TrustFuzzOptions {
  kind: TrustKind;
  count: number;
  seed: number;
  say: (line: string) => void;
}

/** More than this many help no machine that tests run on, and each takes 100 MB. */
const MAX_WORKERS = 4;
/** A worker tells of each thousand inputs, which take a second; one that says nothing for so long is stuck in one. */
const SILENCE_MS = 60_000;
const TELL_EVERY = 50_000;

interface Share extends TrustFuzzOptions {
  from: number;
  to: number;
  onDone: (inputs: number) => void;
}

/** Inputs `from` to `to`; undefined when the process died or hung, which was told. */
function runShare({ kind, seed, from, to, say, onDone }: Share): Promise<TrustTally | undefined> {
  const child = fork(fileURLToPath(new URL('./trust-child.ts', import.meta.url)), [kind, seed, from, to].map(String));
  return new Promise((resolve) => {
    let at = from;
    let tally: TrustTally | undefined;
    const onSilence = () => {
      say(`stuck at input ${at} of seed ${seed}`);
      child.kill('SIGKILL');
    };
    let watch = setTimeout(onSilence, SILENCE_MS);
    child.on('message', (message) => {
      const told = message as TrustReport; // our own child, started a few lines above
      clearTimeout(watch);
      watch = setTimeout(onSilence, SILENCE_MS);
      if (told.type === 'finding') say(told.sentence);
      else if (told.type === 'done') tally = told.tally;
      else {
        onDone(told.at - at);
        at = told.at;
      }
    });
    child.on('exit', (code) => {
      clearTimeout(watch);
      if (tally === undefined) say(`a worker ended with ${code} after input ${at} of seed ${seed}`);
      resolve(tally);
    });
  });
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
