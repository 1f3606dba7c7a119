// One relay's spool and one console's ingest on real files, joined without a network: where the self-check plants its bugs.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Audit } from '#console/audit/audit.ts';
import { RelayRecords } from '#console/devices/relay-records.ts';
import { Ingest, type IngestFaults } from '#console/ingest/ingest.ts';
import type { RecordHooks } from '#console/ingest/record-hooks.ts';
import { FrameRepository } from '#console/metrics/frame-repository.ts';
import { OpenChains } from '#console/metrics/open-chains.ts';
import { openStore, type Store } from '#console/store/database.ts';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { Series } from '#shared/model/metric-catalogue.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { batchCrc } from '#shared/protocol/batch-crc.ts';
import { LANES } from '#shared/protocol/lane.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { deviceNo, linkNo } from '#test/fixtures/stream-kit.ts';
import { auditSequence, pollNumber, type SequenceAudit, sumAudits } from '#test/lab/sequence-audit.ts';
import { auditStream, decodeStream, type StreamAudit } from './stream-audit.ts';
import { readConsoleStream, readSpools } from './stream-content.ts';

export interface RigOptions {
  folder: string;
  ingest?: IngestFaults;
  /** Nothing on the relay's disk is checked: the checksum is made when a batch is sent. */
  skipCrc?: boolean;
}

/** Two columns that the lab's audit knows too; each value is the poll's number. */
const SERIES: readonly Series[] = [
  { metric: 2, instance: '' },
  { metric: 11, instance: '' },
];
const DEVICES = 4;
const LINK = linkNo(1);

export class StreamRig {
  readonly relayFolder: string;
  readonly spool: DurableSpool;
  readonly #options: RigOptions;
  #console: { store: Store; ingest: Ingest; file: string };
  #crashes = 0;
  #made = 0;

  private constructor(options: RigOptions, relayFolder: string, console: StreamRig['console']) {
    this.#options = options;
    this.relayFolder = relayFolder;
    this.#console = console;
    this.spool = new DurableSpool({
      file: path.join(relayFolder, 'spool.db'),
      clock: systemClock,
      ballast: new Ballast(path.join(relayFolder, 'ballast'), { sizeBytes: 4_096, freeBytes: () => 0 }),
      faults: { skipCrc: options.skipCrc ?? false },
    });
  }

  static async open(options: RigOptions): Promise<StreamRig> {
    const relayFolder = path.join(options.folder, 'relay');
    mkdirSync(relayFolder, { recursive: true });
    return new StreamRig(options, relayFolder, await openConsole(path.join(options.folder, 'console-0.db'), options));
  }

  get console() {
    return this.#console;
  }

  get link() {
    return { ...LINK, epoch: this.spool.epoch };
  }

  /** Commits `batches` batches of one poll per device each, and an event with every second. */
  make(batches: number): void {
    for (let i = 0; i < batches; i += 1) {
      this.#made += 1;
      const at = systemClock.now();
      const values = SERIES.map(() => this.#made);
      for (let n = 1; n <= DEVICES; n += 1) this.spool.addPoll({ device: deviceNo(n), at, series: SERIES, values });
      this.spool.flush();
      if (i % 2 === 0)
        this.spool.addRecord(1, { type: 'relay-event', at, code: 'clock-skew', severity: 'info', detail: `${i}` });
    }
  }

  /** One connection: what the console does not have by its own word is sent at once, and acknowledged as the answers come. */
  async connect(): Promise<void> {
    const { ingest } = this.#console;
    const marks = await ingest.watermarks(this.link);
    this.spool.rewind(marks);
    const answers = LANES.flatMap((lane) => {
      const from = (marks.find((mark) => mark.lane === lane)?.received ?? 0) + 1;
      // 30 each stay below what the console takes from one relay at once, also when two connections overlap.
      return this.spool.read(lane, from, 30, 1_048_576).map(async (item) => {
        const answer =
          'batch' in item
            ? await ingest.batch(this.link, this.#stamped(item.batch))
            : await ingest.gap(this.link, item.gap);
        this.spool.acknowledge({ lane, ...answer });
      });
    });
    await Promise.all(answers);
  }

  #stamped(batch: Batch): Batch {
    return this.#options.skipCrc === true ? { ...batch, crc: batchCrc(batch) } : batch;
  }

  /** Connects until nothing is left to send. */
  async drain(): Promise<void> {
    const isBehind = async () => {
      const marks = await this.#console.ingest.watermarks(this.link);
      return this.spool.lanes().some(({ lane, next }) => (marks[lane]?.received ?? 0) < next - 1);
    };
    for (let i = 0; i < 100 && (await isBehind()); i += 1) await this.connect();
  }

  /** What a SIGKILL of the console at this moment leaves on disk is what the next console opens. */
  async crashConsole(): Promise<void> {
    const { file, ingest, store } = this.#console;
    this.#crashes += 1;
    const next = path.join(this.#options.folder, `console-${this.#crashes}.db`);
    for (const ending of ['', '-wal']) if (existsSync(file + ending)) copyFileSync(file + ending, next + ending);
    await ingest.stop();
    await store.close();
    this.#console = await openConsole(next, this.#options);
  }

  /** Writes what the relay's book says into its file: marks are saved with the next commit. */
  saveBook(): void {
    this.spool.transact(() => undefined);
  }

  /** File against file, and the console's samples against the numbers that were made. */
  audit(): StreamAudit & { sequence: SequenceAudit; undecodable: number } {
    const stored = readConsoleStream(this.#console.file, LINK.relay);
    const { polls, undecodable } = decodeStream(stored.batches);
    const numbers = new Map<string, Array<number | undefined>>();
    for (const { device, series, values } of polls) {
      numbers.set(device, [...(numbers.get(device) ?? []), pollNumber(series, values)]);
    }
    const devices = Array.from({ length: DEVICES }, (_, i) => deviceNo(i + 1));
    const sequence = sumAudits(devices.map((device) => auditSequence(numbers.get(device) ?? [], this.#made)));
    return { ...auditStream(readSpools(this.relayFolder), stored), sequence, undecodable };
  }

  /** Samples of one poll. */
  get samplesPerPoll(): number {
    return SERIES.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#console.ingest.stop();
    await this.#console.store.close();
    await this.spool.stop();
  }
}

async function openConsole(file: string, options: RigOptions): Promise<{ store: Store; ingest: Ingest; file: string }> {
  const store = await openStore({ engine: 'sqlite', file });
  const chunks = new FrameRepository();
  const ingest = new Ingest({
    store,
    clock: systemClock,
    chunks,
    chains: new OpenChains({ chunks }),
    hooks: hooksOf(),
    faults: options.ingest ?? {},
  });
  return { store, ingest, file };
}

/** The console's own, for the kinds of records that the rig makes. */
function hooksOf(): RecordHooks {
  const clock = systemClock;
  const records = new RelayRecords({ audit: new Audit({ clock }), clock, onRosterChanged: () => undefined });
  const ignore = async () => undefined;
  return {
    onFirings: ignore,
    onOutcomes: ignore,
    onFacts: ignore,
    onEvents: ignore,
    onWays: ignore,
    onFindings: ignore,
    onIdentities: ignore,
    onStates: ignore,
    onAudits: (tx, link, some) => records.applyAudits(tx, link, some),
    onRelayEvents: (tx, link, some) => records.applyRelayEvents(tx, link, some),
    onIncidents: (tx, link, some) => records.applyIncidents(tx, link, some),
  };
}
