// Cuts the power of a spool at any moment of a run, in replay: what it called durable must be there when the file is opened again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BatchStore } from '#relay/spool/batch-store.ts';
import { batchCrc } from '#shared/protocol/batch-crc.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { type DiskStep, readDiskTrace, STRACE_ARGS } from './disk-trace.ts';
import { SimulatedDisk } from './simulated-disk.ts';

export interface PowerLossOptions {
  folder: string;
  synchronous: 'FULL' | 'NORMAL';
  commits: number;
  /** States examined, spread over the run. */
  cuts: number;
  seed: number;
}

export interface PowerLoss {
  cuts: number;
  /** Cuts after which something that was called durable was gone. */
  lossy: number;
  /** Batches called durable and gone, over all cuts. */
  lost: number;
}

/** What the spool called durable: the last numbers of lanes 0 and 3. */
type Promised = Readonly<Record<0 | 3, number>>;

export async function powerLoss(options: PowerLossOptions): Promise<PowerLoss> {
  const folder = path.join(options.folder, `power-${options.synchronous}`);
  const spool = path.join(folder, 'spool');
  mkdirSync(spool, { recursive: true });
  const steps = await traceRun(folder, spool, options);
  const random = seededRandom(options.seed);
  const cutAt = chooseCuts(steps, options.cuts, random);
  const disk = new SimulatedDisk();
  const result: PowerLoss = { cuts: 0, lossy: 0, lost: 0 };
  let promised: Promised = { 0: 0, 3: 0 };
  for (const [i, step] of steps.entries()) {
    disk.apply(step);
    if (step.kind === 'said') promised = promiseOf(step.text) ?? promised;
    if (!cutAt.has(i)) continue;
    // A third of the cuts lose all that was not synced, a third keep it in part, a third nearly all.
    const share = [0, 0.5, 0.9][result.cuts % 3] ?? 0;
    const lost = countLost(
      path.join(folder, 'after'),
      disk.afterCut(() => random() < share),
      promised,
    );
    result.cuts += 1;
    result.lost += lost;
    if (lost > 0) result.lossy += 1;
  }
  rmSync(folder, { recursive: true, force: true });
  return result;
}

async function traceRun(folder: string, spool: string, { synchronous, commits }: PowerLossOptions) {
  const child = fileURLToPath(new URL('./power-loss-child.ts', import.meta.url));
  const traced = spawn(
    'strace',
    [
      ...STRACE_ARGS,
      '-f',
      '-o',
      path.join(folder, 'trace'),
      process.execPath,
      ...['--import', 'tsx', child, spool, synchronous, String(commits)],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code] = await once(traced, 'exit');
  if (code !== 0) throw new Error(`the traced spool ended with ${code}`);
  // One file per thread; SQLite runs in the thread that made the promises.
  const traces = readdirSync(folder)
    .filter((name) => name.startsWith('trace.'))
    .map((name) => readDiskTrace(readFileSync(path.join(folder, name), 'latin1'), `${spool}/`));
  const steps = traces.find((some) => some.some((step) => step.kind === 'said' && promiseOf(step.text) !== undefined));
  if (steps === undefined) throw new Error('no thread of the traced spool promised anything');
  return steps;
}

function promiseOf(text: string): Promised | undefined {
  const [, outcomes, samples] = /^durable (\d+) (\d+)\n$/.exec(text) ?? [];
  return outcomes === undefined ? undefined : { 0: Number(outcomes), 3: Number(samples) };
}

/** Half of them at the moment of a promise, where most is at stake; the rest anywhere after the first. */
function chooseCuts(steps: readonly DiskStep[], count: number, random: () => number): Set<number> {
  const promises = [...steps.keys()].filter((i) => steps[i]?.kind === 'said');
  const first = promises[0] ?? 0;
  const chosen = new Set<number>();
  for (let n = 0; n < count; n += 1) {
    const anywhere = first + Math.floor(random() * (steps.length - first));
    const promise = promises[Math.floor(random() * promises.length)] ?? anywhere;
    chosen.add(n % 2 === 0 ? promise : anywhere);
  }
  return chosen;
}

/** Opens what the cut left as a relay does after it, and counts what is missing or damaged. */
function countLost(folder: string, files: Map<string, Buffer>, promised: Promised): number {
  mkdirSync(folder, { recursive: true });
  try {
    for (const [file, content] of files) {
      // The index of the log is memory, made again at each opening.
      if (!file.endsWith('-shm')) writeFileSync(path.join(folder, path.basename(file)), content);
    }
    return missingIn(path.join(folder, 'spool.db'), promised);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function missingIn(file: string, promised: Promised): number {
  const db = openSqlite(file);
  try {
    const store = new BatchStore(db);
    const isThere = (lane: Lane, seq: number) => {
      const batch = store.batchAt(lane, seq);
      return batch?.seq === seq && batchCrc(batch) === batch.crc;
    };
    return ([0, 3] as const).reduce<number>((lost, lane) => {
      const seqs = Array.from({ length: promised[lane] }, (_, i) => i + 1);
      return lost + seqs.filter((seq) => !isThere(lane, seq)).length;
    }, 0);
  } catch {
    // The file does not even open: all of it is gone.
    return promised[0] + promised[3];
  } finally {
    db.close();
  }
}
