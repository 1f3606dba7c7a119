// One life of a relay's executor that ends at a chosen step: from there on nothing is written, and the next life finds the disk as a kill leaves it.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Executor } from '#relay/execute/executor.ts';
import { JOURNAL_SCHEMA } from '#relay/execute/journal.ts';
import { DeviceWork } from '#relay/execute/work.ts';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import type { Session, SessionPool } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { succeed } from '#shared/base/outcome.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { SignedManifest } from '#shared/model/manifest.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { decodeRecords } from '#shared/protocol/record-codec.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { relayNo } from '#test/fixtures/stream-kit.ts';

/** Before and after each commit of an order, and in the middle of its command; `none` lives on. */
export const CRASH_POINTS = [
  'none',
  'before accepted',
  'after accepted',
  'before started',
  'after started',
  'in the command',
  'before the end',
  'after the end',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

const stepOf = (state: OutcomeRecord['state']): string =>
  state === 'accepted' || state === 'started' ? state : 'the end';

export interface LifeOptions {
  folder: string;
  /** Where the disk of this life is copied at the crash. */
  next: string;
  crashAt: CrashPoint;
  charter: Charter;
  /** Of this machine: the commands are real. */
  session: Session;
  /** Resolves when the command has left its mark. */
  onMark: () => Promise<void>;
  /** The planted bug that the run has to catch: what a crash cut off runs again. */
  isPlanted: boolean;
}

/** A bound: a step that does not come is told by the outcomes. */
const PATIENCE_MS = 5_000;
/** A copy of an order that is refused, or left alone, is so after a few turns. */
const SETTLE_MS = 2;

export class CommandLife {
  readonly #options: LifeOptions;
  readonly #spool: DurableSpool;
  readonly #executor: Executor;
  #isDead = false;

  constructor(options: LifeOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    this.#spool = new DurableSpool({
      file: path.join(options.folder, 'spool.db'),
      clock: systemClock,
      ballast: new Ballast(path.join(options.folder, 'ballast'), { sizeBytes: 4_096, freeBytes: () => 0 }),
      prepare: (db) => db.exec(JOURNAL_SCHEMA),
    });
    this.#executor = this.#makeExecutor();
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Takes up what the former life left, and is handed the order so often, at once. */
  async play(signed: SignedManifest, copies: number): Promise<void> {
    await this.#executor.recover().catch(() => undefined); // dead by then
    await Promise.all(
      Array.from(
        { length: copies },
        () => this.#executor.receive({ kind: 'run', signed }).catch(() => undefined), // the same
      ),
    );
    for (let waited = 0; waited < PATIENCE_MS && !this.#isDead && !this.#isSettled(); waited += SETTLE_MS)
      await systemClock.sleep(SETTLE_MS);
  }

  /** Final states of the order as they would climb, and how many copies were refused as told before. */
  finals(): OutcomeRecord[] {
    return this.#records().filter(({ state }) => !['accepted', 'waiting', 'started'].includes(state));
  }

  async stop(): Promise<void> {
    await this.#executor.stop();
    await this.#spool.stop();
  }

  #isSettled(): boolean {
    const { running, waiting, held } = this.#executor.stats();
    return running + waiting + held === 0 && this.finals().length > 0;
  }

  #records(): OutcomeRecord[] {
    return this.#spool.read(0, 1, 1_000, 16 * 1_048_576).flatMap((item) => {
      const decoded = 'batch' in item ? decodeRecords(item.batch.data) : undefined;
      return decoded?.ok === true ? decoded.records.filter((record) => record.type === 'outcome') : [];
    });
  }

  /** The disk as it is at this moment, an open transaction among it. */
  #crash(): never {
    const { folder, next } = this.#options;
    if (!this.#isDead) {
      this.#isDead = true;
      mkdirSync(next, { recursive: true });
      for (const name of ['spool.db', 'spool.db-wal'])
        if (existsSync(path.join(folder, name))) copyFileSync(path.join(folder, name), path.join(next, name));
    }
    throw new Error('this life is over');
  }

  #pass(point: string): void {
    if (this.#isDead || point === this.#options.crashAt) this.#crash();
  }

  #makeExecutor(): Executor {
    const { charter, onMark, session, isPlanted } = this.#options;
    const run: Session['run'] = async (request, signal) => {
      const running = session.run(request, signal);
      if (this.#options.crashAt === 'in the command') await onMark();
      this.#pass('in the command');
      return await running;
    };
    const lent = { identity: session.identity, isOpen: true, run } as unknown as Session; // the part of the contract that commands use
    const pool: SessionPool = {
      session: () => Promise.resolve(succeed(lent)),
      drop: () => undefined,
      stop: () => Promise.resolve(),
    };
    const spool = this.#spool;
    let written: string[] = [];
    const clock = systemClock;
    return new Executor({
      ...{ clock, random: Math.random, log: silentLogger, faults: { rerunStarted: isPlanted } },
      outbox: {
        transact: (work) => {
          if (this.#isDead) this.#crash();
          written = [];
          const value = spool.transact(work);
          for (const step of written) this.#pass(`after ${step}`);
          return value;
        },
        addRecords: (lane, records) => {
          spool.addRecords(lane, records);
          for (const { state } of records) {
            this.#pass(`before ${stepOf(state)}`);
            written.push(stepOf(state));
          }
        },
        addRecord: (lane, record) => spool.addRecord(lane, record),
      },
      place: () => ({ site: charter.site, relay: relayNo(1), charter }),
      ...{
        onSignedTime: () => undefined,
        signedTime: () => clock.now(),
        isAllTold: () => false,
        journalSince: () => 0,
      },
      roster: (device) => ({ device, name: 'srv', transport: 'local', address: 'localhost', intervalMs: 60_000 }),
      work: new DeviceWork({
        ...{ clock, pool, onAccepted: () => undefined },
        pins: { get: () => undefined, set: () => undefined, delete: () => undefined },
      }),
    });
  }
}
