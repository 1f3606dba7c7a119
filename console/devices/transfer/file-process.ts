// The console's end of its file process: one per file, bounded in memory and time, gone when the file is done.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { type FileFormat, type ImportFault, MAX_IMPORT_ROWS } from '#shared/contract/import-contract.ts';
import { withNodeFlags } from '#shared/runtime/node-flags.ts';
import { programFolder } from '#shared/runtime/thread-program.ts';
import { readCsv } from './csv.ts';
import { type FileAnswer, type FileOrder, ROWS_AT_ONCE } from './file-message.ts';
import { readJson } from './json-rows.ts';
import { type Cell, FileFault } from './sheet.ts';

/** 10,000 rows of XLSX take 0.6 s, the start of the process as long; on a busy machine ten times that. */
const DEADLINE_MS = 20_000;
/** 10,000 rows of XLSX take 150 MB to read; what takes more is no table of devices. */
const MAX_HEAP_MB = 512;
/** Each takes a core and its memory. */
const MAX_PROCESSES = 2;

export interface FileDeps {
  clock: Clock;
}

let running = 0;

/** Beside the bundle in a release, among the sources otherwise. */
function programFile(): { file: string; execArgv: string[]; cwd: string } {
  const beside = path.join(programFolder(), 'file-process.cjs');
  if (existsSync(beside)) return { file: beside, execArgv: [], cwd: path.dirname(beside) };
  const here = path.dirname(fileURLToPath(import.meta.url));
  const cwd = path.resolve(here, '..', '..', '..');
  return { file: path.join(here, 'file-process-main.ts'), execArgv: ['--import', 'tsx'], cwd };
}

function start(): ChildProcess {
  const { file, execArgv, cwd } = programFile();
  return fork(file, [], {
    cwd,
    execArgv: [...withNodeFlags(execArgv), `--max-old-space-size=${MAX_HEAP_MB}`],
    // Nothing of the console's environment is of use to it.
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
}

/** Runs a file process until `onAnswer` says that it has what it wanted. Throws `rate-limited`, `timed-out`, `too-large`. */
async function converse<T>(
  { clock }: FileDeps,
  speak: (tell: (order: FileOrder) => Promise<void>) => Promise<void>,
  onAnswer: (answer: FileAnswer) => T | undefined,
): Promise<T> {
  if (running >= MAX_PROCESSES) throw new AppError('rate-limited', 'other files are being read: try again in a moment');
  const child = start();
  running += 1;
  const done = new AbortController();
  try {
    const result = new Promise<T>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', () => reject(new AppError('too-large', 'the file takes more memory to read than it may')));
      child.on('message', (answer) => {
        try {
          // Our own program's words.
          const value = onAnswer(answer as FileAnswer);
          if (value !== undefined) resolve(value);
        } catch (error) {
          reject(error);
        }
      });
    });
    const late = clock.sleep(DEADLINE_MS, done.signal).then(
      () => Promise.reject(new AppError('timed-out', 'the file takes longer to read than it may')),
      () => new Promise<never>(() => undefined), // in time
    );
    const spoken = speak((order) => said(child, order)).then(() => result);
    return await Promise.race([spoken, result, late]);
  } finally {
    done.abort();
    child.kill('SIGKILL');
    running -= 1;
  }
}

const said = (child: ChildProcess, order: FileOrder): Promise<void> =>
  new Promise((resolve, reject) => {
    child.send(order, (error) => (error === null ? resolve() : reject(error)));
  });

export interface FileRows {
  heading: string[];
  firstRow: number;
  rows: Cell[][];
}

/** Smaller files of text are read within a few milliseconds: no process is worth its start. */
const SMALL_BYTES = 128 * 1024;

function readHere(read: typeof readCsv, bytes: Uint8Array): FileRows | { fault: ImportFault } {
  try {
    return read(bytes, MAX_IMPORT_ROWS);
  } catch (error) {
    if (error instanceof FileFault) return { fault: error.fault };
    throw error;
  }
}

/** All rows of a file, or the one fault of a file that cannot be read. */
export async function readFile(
  deps: FileDeps,
  format: FileFormat,
  bytes: Uint8Array,
): Promise<FileRows | { fault: ImportFault }> {
  if (format !== 'xlsx' && bytes.length <= SMALL_BYTES) return readHere(format === 'csv' ? readCsv : readJson, bytes);
  const read: FileRows = { heading: [], firstRow: 2, rows: [] };
  return await converse<FileRows | { fault: ImportFault }>(
    deps,
    (tell) => tell({ do: 'read', format, bytes, maxRows: MAX_IMPORT_ROWS }),
    (answer) => {
      if (answer.is === 'heading') Object.assign(read, { heading: answer.heading, firstRow: answer.firstRow });
      if (answer.is === 'rows') for (const row of answer.rows) read.rows.push(row);
      if (answer.is === 'fault') return { fault: answer.fault };
      return answer.is === 'end' ? read : undefined;
    },
  );
}

/** An XLSX file of these rows. */
export async function writeWorkbook(
  deps: FileDeps,
  sheet: string,
  heading: string[],
  rows: readonly string[][],
): Promise<Uint8Array> {
  return await converse<Uint8Array>(
    deps,
    async (tell) => {
      await tell({ do: 'write', sheet, heading });
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
        await tell({ do: 'rows', rows: rows.slice(from, from + ROWS_AT_ONCE) });
      await tell({ do: 'end' });
    },
    (answer) => (answer.is === 'file' ? answer.bytes : undefined),
  );
}
