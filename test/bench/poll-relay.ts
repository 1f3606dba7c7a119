// The relay side of the poll bench in its own process: transport, pool, collector, poller and a full hot cache, composed as a relay does.
import { HotCache } from '#relay/cache/hot-cache.ts';
import { collectorList } from '#relay/collect/collector-list.ts';
import { FactLedger } from '#relay/poll/fact-ledger.ts';
import type { PollOutcome } from '#relay/poll/poll-outcome.ts';
import { Poller } from '#relay/poll/poller.ts';
import { CredentialBreaker } from '#relay/transport/credential-breaker.ts';
import { CredentialGate } from '#relay/transport/credential-gate.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { HandshakeGate } from '#relay/transport/handshake-gate.ts';
import { DeviceSessions } from '#relay/transport/pool.ts';
import { SshTransport } from '#relay/transport/ssh/ssh-transport.ts';
import { systemClock as clock } from '#shared/base/clock.ts';
import { type DeviceId, systemRandom as random } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { hostKeyPinOf } from '#shared/model/may-offer.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import type {
  PollRelayConfig,
  PollRelayReply,
  PollRelayRequest,
  PollReport,
  PrefillReport,
} from './poll-relay-message.ts';
import { pastValues } from './synthetic-history.ts';

/** Far above what 24 h of 500 devices take: the bench must see the whole cache, not an evicted one. */
const CACHE_QUOTA_BYTES = 512 * 1024 * 1024;
const HOUR_MS = 3_600_000;

const emptyReport = (): PollReport => ({ polls: [], failures: [] });

class PollRelay {
  readonly #config: PollRelayConfig;
  readonly #places: ReadonlyMap<DeviceId, number>;
  readonly #cache = new HotCache({ clock, quotaBytes: CACHE_QUOTA_BYTES });
  readonly #collectorFor = collectorList(random);
  readonly #pool: DeviceSessions;
  readonly #poller: Poller;
  #report = emptyReport();

  constructor(config: PollRelayConfig) {
    this.#config = config;
    this.#places = new Map(config.roster.map(({ device }, place) => [device, place]));
    this.#pool = sessionsFor(config.credentialFolder);
    this.#poller = new Poller(
      {
        clock,
        log: silentLogger,
        pool: this.#pool,
        collectorFor: this.#collectorFor,
        ledger: new FactLedger({ clock }),
        onPoll: (record) => this.#cache.add(record),
        onFact: () => undefined,
        onOutcome: (outcome) => this.#note(outcome),
      },
      // No inventory: it runs every 6 hours, and 500 package lists of one machine would measure that machine.
      { concurrency: config.concurrency, timeoutMs: config.timeoutMs, inventoryEveryMs: 0 },
    );
  }

  /** Asks one device for its columns, fills the cache with a past of such columns for all, then polls. */
  async start(): Promise<PrefillReport> {
    const prefill = await this.#prefill();
    this.#poller.setRoster(this.#config.roster);
    this.#poller.start();
    return prefill;
  }

  report(): PollReport {
    const report = this.#report;
    this.#report = emptyReport();
    return report;
  }

  setInterval(intervalMs: number): void {
    this.#poller.setRoster(this.#config.roster.map((entry) => ({ ...entry, intervalMs })));
  }

  async exec(count: number): Promise<{ ms: number[]; failures: string[] }> {
    const ms: number[] = [];
    const failures: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const entry = this.#config.roster[i % this.#config.roster.length];
      if (entry === undefined) continue;
      const start = clock.monotonic();
      const failure = await this.#execOn(entry);
      if (failure === undefined) ms.push(clock.monotonic() - start);
      else failures.push(failure);
    }
    return { ms, failures };
  }

  async stop(): Promise<void> {
    await this.#poller.stop();
    await this.#pool.stop();
  }

  async #execOn(entry: RosterEntry): Promise<string | undefined> {
    const { signal } = new AbortController();
    const session = await this.#pool.session(entry, signal);
    if (!session.ok) return session.detail;
    const ran = await session.value.run({ script: 'true', timeoutMs: 10_000, maxOutputBytes: 1_024 }, signal);
    return ran.ok ? undefined : ran.detail;
  }

  async #prefill(): Promise<PrefillReport> {
    const present = await this.#firstReading();
    const { hours, intervalMs } = this.#config.prefill;
    const polls = Math.floor((hours * HOUR_MS) / intervalMs);
    const startedMs = clock.monotonic();
    const from = clock.now() - polls * intervalMs;
    let samples = 0;
    for (const [place, { device }] of this.#config.roster.entries()) {
      let at = from;
      for (const values of pastValues(present.series, present.values, polls, seededRandom(place))) {
        this.#cache.add({ device, at, series: present.series, values });
        samples += values.length;
        at += intervalMs;
      }
    }
    const ms = clock.monotonic() - startedMs;
    return { records: polls * this.#config.roster.length, samples, ms };
  }

  async #firstReading(): Promise<Pick<PollRecord, 'series' | 'values'>> {
    const [entry] = this.#config.roster;
    if (entry === undefined) return { series: [], values: [] };
    const { signal } = new AbortController();
    const session = await this.#pool.session(entry, signal);
    if (!session.ok) throw new Error(session.detail);
    const reading = await this.#collectorFor(session.value.system)?.collectHot(session.value, signal);
    if (reading?.ok !== true) throw new Error(reading?.detail ?? 'no collector');
    const { samples } = reading.value;
    return {
      series: samples.map(({ metric, instance }) => ({ metric, instance })),
      values: samples.map(({ value }) => value),
    };
  }

  #note(outcome: PollOutcome): void {
    const place = this.#places.get(outcome.device) ?? -1;
    if (outcome.ok) this.#report.polls.push([place, outcome.durationMs, outcome.lagMs]);
    else this.#report.failures.push([place, outcome.reason, outcome.detail]);
  }
}

function sessionsFor(credentialFolder: string): DeviceSessions {
  const known = new Map<DeviceId, DeviceIdentity>();
  const pins = {
    get: (device: DeviceId) => known.get(device),
    set: (device: DeviceId, identity: DeviceIdentity) => void known.set(device, identity),
    delete: (device: DeviceId) => void known.delete(device),
  };
  const credentials = new CredentialStore(credentialFolder);
  const breaker = new CredentialBreaker(clock);
  const gate = new HandshakeGate({ clock, random });
  const logins = new CredentialGate({
    clock,
    credentials,
    pins: { hostKeyPin: (device) => hostKeyPinOf(known.get(device)?.hostKey, undefined) },
    site: () => ({ networks: [], isFirstUseAllowed: true }),
  });
  const ssh = new SshTransport({ clock, random, logins, breaker, gate, pins });
  return new DeviceSessions({ clock, transports: [ssh], pins, onIdentity: () => undefined });
}

let relay: PollRelay | undefined;

function running(): PollRelay {
  if (relay === undefined) throw new Error('not started');
  return relay;
}

async function obey(request: PollRelayRequest): Promise<PollRelayReply> {
  const { id, op } = request;
  switch (op) {
    case 'start':
      relay = new PollRelay(request.config);
      return { id, op, prefill: await relay.start() };
    case 'report':
      return { id, op, report: running().report() };
    case 'interval':
      running().setInterval(request.intervalMs);
      return { id, op };
    case 'exec':
      return { id, op, ...(await running().exec(request.count)) };
    case 'stop':
      await relay?.stop();
      return { id, op };
  }
}

async function answer(request: PollRelayRequest): Promise<void> {
  let reply: PollRelayReply;
  try {
    reply = await obey(request);
  } catch (error) {
    reply = { id: request.id, op: 'failed', error: error instanceof Error ? error.message : String(error) };
  }
  // The channel's end lets the process end: nothing else holds it once the relay has stopped.
  process.send?.(reply, undefined, undefined, () => {
    if (request.op === 'stop') process.disconnect();
  });
}

process.on('message', (message) => {
  // Our own parent speaks our own form.
  void answer(message as PollRelayRequest);
});
// A parent that died has nobody to measure for.
process.once('disconnect', () => void relay?.stop());
