// The console child of the web bench: composed as in earnest over an estate on disk, with polls that arrive as from the store.
import path from 'node:path';
import { composeParts } from '#console/compose/compose-console.ts';
import { composePorts } from '#console/compose/compose-ports.ts';
import { publishArrived } from '#console/compose/live-changes.ts';
import { ConsoleConfig } from '#console/config/console-config.ts';
import { openStore } from '#console/store/database.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { makeTempFolder, type TempFolder } from '#test/fixtures/temp-folder.ts';
import { fillEstate } from './fleet-estate.ts';
import type { WebReply, WebRequest } from './web-message.ts';

/** Stored series of a small server: about sixty readings for people. */
const COLUMNS = 40;
const INTERVAL_MS = 10_000;
/** Enough that search and filters meet software; what lists of hundreds cost is what `bench -- fleet` says. */
const PACKAGES = 5;
/** Batches arrive a few at a time. */
const ARRIVAL_MS = 50;

interface Member {
  device: DeviceId;
  site: SiteId;
  relay: RelayId;
}

type Parts = Parameters<typeof publishArrived>[0];

/** Devices poll in turn, site by site, as batches come. */
class LivePolls {
  readonly #parts: Parts;
  readonly #members: Member[];
  readonly #sweeps: Generator<PollRecord[], void, undefined>;
  #polls: PollRecord[] = [];
  #next = 0;
  isLive = true;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { rows } = parts.fleet;
    this.#members = [...rows.all()]
      .map((row): Member => {
        const site = SiteId.parse(rows.siteOf(row)?.id);
        const relay = RelayId.parse(rows.relayOf(row)?.id);
        return { site, relay, device: DeviceId.parse(rows.texts.id.text[row]) };
      })
      .sort((a, b) => (a.site < b.site ? -1 : 1));
    const mix = { devices: this.size, columns: COLUMNS, seed: 1, from: systemClock.now(), intervalMs: INTERVAL_MS };
    this.#sweeps = pollsOfMix(mix);
  }

  get size(): number {
    return this.#members.length;
  }

  /** The next so many devices poll now. */
  arrive(count: number): void {
    const byRelay = new Map<RelayId, { site: SiteId; polls: PollRecord[] }>();
    for (let n = 0; n < count; n += 1) {
      const [{ site, relay }, poll] = this.#turn();
      const arrival = byRelay.get(relay) ?? { site, polls: [] };
      byRelay.set(relay, arrival);
      arrival.polls.push(poll);
    }
    for (const [relay, { site, polls }] of byRelay) {
      const link = { relay, site, epoch: 'bench' };
      publishArrived(this.#parts, { link, polls, records: [], isLive: true });
    }
  }

  #turn(): [Member, PollRecord] {
    if (this.#next === 0)
      this.#polls = [...(this.#sweeps.next().value ?? [])].sort((a, b) => (a.device < b.device ? -1 : 1));
    const [member, poll] = [this.#members[this.#next], this.#polls[this.#next]];
    this.#next = (this.#next + 1) % this.size;
    if (member === undefined || poll === undefined) throw new Error('a sweep is shorter than the fleet');
    return [member, { ...poll, device: member.device, at: systemClock.now() }];
  }

  async run(perArrival: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await systemClock.sleep(ARRIVAL_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      if (this.isLive) this.arrive(perArrival);
    }
  }
}

class BenchConsole {
  readonly #folder: TempFolder = makeTempFolder('rmm-bench-web');
  readonly #stack = new StopStack({ clock: systemClock, log: silentLogger });
  readonly #ending = new AbortController();
  #polls: LivePolls | undefined;

  async start(devices: number, changesPerSecond: number): Promise<WebReply> {
    const store = await openStore({ engine: 'sqlite', file: path.join(this.#folder.path, 'console.db') });
    await fillEstate(store, { devices, packages: PACKAGES });
    await store.close();
    // The ports find the built web beside the program.
    process.argv[1] = path.join(PROJECT, 'rmm.ts');
    const listen = { httpPort: 0, httpsPort: 0, relayPort: 0 };
    const config = ConsoleConfig.parse({ data: this.#folder.path, listen });
    const deps = { clock: systemClock, log: silentLogger, stack: this.#stack };
    const parts = await composeParts(config, deps);
    const { url } = await composePorts(config, deps, parts);
    await parts.loaded;
    const { people } = parts.services;
    const { person } = await people.initConsole();
    const { secret } = await people.createSignInLink({ actor: { kind: 'system', part: 'bench' } }, person.id);
    this.#polls = new LivePolls(parts.services);
    // Two of each: rates and shares need a poll before.
    this.#polls.arrive(this.#polls.size);
    await systemClock.sleep(1_000);
    this.#polls.arrive(this.#polls.size);
    void this.#polls.run((changesPerSecond * ARRIVAL_MS) / 1_000, this.#ending.signal);
    return { op: 'started', origin: url, link: `${url}/sign-in#${secret}` };
  }

  live(isLive: boolean): WebReply {
    if (this.#polls !== undefined) this.#polls.isLive = isLive;
    return { op: 'done' };
  }

  burst(devices: number): WebReply {
    this.#polls?.arrive(devices);
    return { op: 'done' };
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    // 2 s each: a bench keeps nothing.
    await this.#stack.stop(2_000);
    await this.#folder[Symbol.asyncDispose]();
    process.disconnect();
  }
}

const bench = new BenchConsole();

async function answer(request: WebRequest): Promise<WebReply> {
  switch (request.op) {
    case 'start':
      return bench.start(request.devices, request.changesPerSecond);
    case 'live':
      return bench.live(request.isLive);
    case 'burst':
      return bench.burst(request.devices);
    case 'stop':
      await bench.stop();
      return { op: 'done' };
  }
}

process.on('message', (message) => {
  // Our own parent speaks our own form.
  const request = message as WebRequest;
  answer(request).then(
    (reply) => process.connected && process.send?.(reply),
    (error: unknown) => process.send?.({ op: 'failed', error: String(error) } satisfies WebReply),
  );
});
