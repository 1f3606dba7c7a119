// Three planted bugs of the stream: ack before commit, no dedup, no CRC. Each gives what the audit saw with and without it.
import path from 'node:path';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { ackedEarly } from './stream-audit.ts';
import { readConsoleMarks, readSpoolMarks } from './stream-content.ts';
import { StreamRig } from './stream-rig.ts';

/** How many things the audit found wrong: 0 without the bug, more with it. */
export type Found = number;

export interface BugOptions {
  folder: string;
  seed: number;
  isPlanted: boolean;
}

const folderOf = ({ folder, isPlanted }: BugOptions, name: string) =>
  path.join(folder, `${name}-${isPlanted ? 'bug' : 'control'}`);

/** The commit follows this much later: longer than the rig takes to kill the console. */
const LATE_COMMIT_MS = 300;

/** The console is killed right after its acknowledgements reached the relay. */
export async function ackBeforeCommit(options: BugOptions): Promise<Found> {
  const faults = options.isPlanted ? { ingest: { ackBeforeCommitMs: LATE_COMMIT_MS } } : {};
  await using rig = await StreamRig.open({ folder: folderOf(options, 'ack'), ...faults });
  rig.make(20);
  await rig.connect();
  rig.saveBook();
  const promised = readSpoolMarks(rig.relayFolder);
  await rig.crashConsole();
  const early = ackedEarly(promised, readConsoleMarks(rig.console.file, rig.link.relay));
  await rig.drain();
  const { lost, dup, foreign } = rig.audit();
  return early + lost + dup + foreign;
}

/** A second connection greets before the first one's batches are committed, so they come twice. */
export async function noDedup(options: BugOptions): Promise<Found> {
  const faults = options.isPlanted ? { ingest: { noDedup: true } } : {};
  await using rig = await StreamRig.open({ folder: folderOf(options, 'dedup'), ...faults });
  rig.make(20);
  await Promise.all([rig.connect(), rig.connect()]);
  await rig.drain();
  const { lost, dup, foreign, sequence } = rig.audit();
  return lost + dup + foreign + sequence.lost + sequence.dup + sequence.wrong;
}

/** One bit of each batch flips on the relay's disk. A loss is no find when a GAP tells of it; a wrong value always is. */
export async function noCrc(options: BugOptions): Promise<Found> {
  await using rig = await StreamRig.open({ folder: folderOf(options, 'crc'), skipCrc: options.isPlanted });
  const random = seededRandom(options.seed);
  rig.make(20);
  const { database } = rig.spool;
  const rows = database
    .prepare<[], { id: number; data: Buffer }>('select id, data from batch where is_samples = 1')
    .all();
  const flip = database.prepare('update batch set data = ? where id = ?');
  for (const { id, data } of rows) {
    const at = Math.floor(random() * data.length);
    data[at] = (data[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    flip.run(data, id);
  }
  await rig.drain();
  // What comes after the damage is stored again.
  rig.make(5);
  await rig.drain();
  const { gaps, dup, sequence, undecodable } = rig.audit();
  const untold = Math.abs(sequence.lost * rig.samplesPerPoll - gaps);
  return untold + sequence.wrong + sequence.dup + dup + undecodable;
}
