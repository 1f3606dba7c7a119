// Runs verbs of the released command line in a folder of their own, and remembers which ones ran.
import { execFile } from 'node:child_process';
import path from 'node:path';

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

/** `place` is the verb, "device list"; nothing of it is ever asked on a terminal. */
export function runCli(at: CliPlace, place: string, words: readonly string[] = [], input = ''): Promise<Ran> {
  at.ran.add(place);
  const isLocal = /^(profile (add|list|use|remove)|completion)/.test(place);
  const where = isLocal ? [] : ['--data', path.join(at.folder, 'data')];
  const argv = [at.program, ...place.split(' '), ...where, ...words];
  const env = cliEnvironment(at.folder);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, argv, { env, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }),
    );
    child.stdin?.end(input);
  });
}

/** The words of a key that was printed for paper. */
export const wordsIn = (text: string) => (text.match(/^(?:[a-z]+ ){5}[a-z]+$/gm) ?? []).join(' ').split(' ');
