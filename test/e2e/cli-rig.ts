// Runs verbs of the released command line in a folder of their own, and remembers which ones ran.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { runRmm } from '#program';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export interface CliPlace {
  /** Holds `data` and `config`. */
  folder: string;
  /** The released program. */
  program: string;
  /** "noun verb" of everything that was run. */
  ran: Set<string>;
}

export const cliEnvironment = (folder: string) => ({
  ...process.env,
  XDG_CONFIG_HOME: path.join(folder, 'config'),
  NO_COLOR: '1',
});

type Write = typeof process.stdout.write;

let former: Promise<unknown> = Promise.resolve();

/** One at a time, as the streams of a process are everybody's. */
function runInTurn(argv: readonly string[], folder: string): Promise<Ran> {
  const mine = former.then(() => runHere(argv, folder));
  former = mine;
  return mine;
}

/** In this process, with what it writes taken. */
async function runHere(argv: readonly string[], folder: string): Promise<Ran> {
  const taken = { out: '', err: '' };
  const into =
    (name: keyof typeof taken): Write =>
    (chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
      taken[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      const written = typeof encoding === 'function' ? encoding : done;
      if (typeof written === 'function') written();
      return true;
    };
  const { env, argv: ownArgv } = process;
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map((stream) => stream.write);
  process.env = cliEnvironment(folder);
  process.argv = [...argv];
  process.stdout.write = into('out');
  process.stderr.write = into('err');
  try {
    return { code: await runRmm(argv), ...taken };
  } finally {
    for (const [n, stream] of streams.entries()) stream.write = writes[n] ?? stream.write;
    process.env = env;
    process.argv = ownArgv;
  }
}

function runReleased(argv: readonly string[], folder: string, input: string): Promise<Ran> {
  const env = cliEnvironment(folder);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, argv, { env, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }),
    );
    child.stdin?.end(input);
  });
}

/**
 * `place` is the verb, "device list"; nothing of it is ever asked on a terminal. The first verb of a noun, and what reads its standard
 * input, runs as the released program, which takes as long to start as most verbs take; the rest runs in this process.
 */
export function runCli(at: CliPlace, place: string, words: readonly string[] = [], input = ''): Promise<Ran> {
  const noun = place.split(' ', 1)[0];
  const isFirst = ![...at.ran].some((one) => one.split(' ', 1)[0] === noun);
  at.ran.add(place);
  const isLocal = /^(profile (add|list|use|remove)|completion)/.test(place);
  const where = isLocal ? [] : ['--data', path.join(at.folder, 'data')];
  const argv = [at.program, ...place.split(' '), ...where, ...words];
  if (isFirst || input !== '' || isLocal) return runReleased(argv, at.folder, input);
  return runInTurn([process.execPath, ...argv], at.folder);
}

/** The words of a key that was printed for paper. */
export const wordsIn = (text: string) => (text.match(/^(?:[a-z]+ ){5}[a-z]+$/gm) ?? []).join(' ').split(' ');
