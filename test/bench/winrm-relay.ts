// The relay side of the WinRM bench in its own process: transport, pool, collector, poller and hot cache, composed as a relay does.
import { HotCache } from '#relay/cache/hot-cache.ts';
import { collectorList } from '#relay/collect/collector-list.ts';
import { FactLedger } from '#relay/poll/fact-ledger.ts';
import type { PollOutcome } from '#relay/poll/poll-outcome.ts';
import { Poller } from '#relay/poll/poller.ts';
import { systemClock as clock } from '#shared/base/clock.ts';
import { type DeviceId, systemRandom as random } from '#shared/base/id.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { MONITOR, makeWinrmRelay, type WinrmRelay } from '#test/peers/winrm-relay.ts';
import type { WinrmRelayConfig, WinrmRelayReply, WinrmRelayRequest, WinrmReport } from './winrm-message.ts';

/** Far above what an hour of 500 devices takes. */
const CACHE_QUOTA_BYTES = 256 * 1024 * 1024;

const emptyReport = (): WinrmReport => ({ polls: [], failures: [], alerts: [] });

class BenchRelay {
  readonly #places: ReadonlyMap<DeviceId, number>;
  readonly #cache = new HotCache({ clock, quotaBytes: CACHE_QUOTA_BYTES });
  readonly #relay: WinrmRelay;
  readonly #poller: Poller;
  #report = emptyReport();

  constructor({ roster, folder, user, password, ports, concurrency, timeoutMs }: WinrmRelayConfig) {
    this.#places = new Map(roster.map(({ device }, place) => [device, place]));
    this.#relay = makeWinrmRelay(folder, { ports });
    this.#relay.addLogin('main', { user, password, binding: { ...MONITOR, ntlmOverHttp: true } });
    this.#poller = new Poller(
      {
        clock,
        log: silentLogger,
        pool: this.#relay.pool,
        collectorFor: collectorList(random),
        ledger: new FactLedger({ clock }),
        onPoll: (record) => this.#cache.add(record),
        onFact: () => undefined,
        onOutcome: (outcome) => this.#note(outcome),
      },
      // No inventory: it runs every 6 hours and is not what this measures.
      { concurrency, timeoutMs, inventoryEveryMs: 0 },
    );
    this.#poller.setRoster(roster);
    this.#poller.start();
  }

  report(): WinrmReport {
    const report = { ...this.#report, alerts: this.#relay.stopped.map(({ why }) => why) };
    this.#report = emptyReport();
    return report;
  }

  again(): void {
    for (const device of this.#places.keys()) this.#poller.pollNow(device);
  }

  async stop(): Promise<void> {
    await this.#poller.stop();
    await this.#relay.stop();
  }

  #note(outcome: PollOutcome): void {
    const place = this.#places.get(outcome.device) ?? -1;
    if (outcome.ok) this.#report.polls.push([place, outcome.durationMs, outcome.lagMs]);
    else this.#report.failures.push([place, outcome.reason, outcome.detail]);
  }
}

let relay: BenchRelay | undefined;

async function obey(request: WinrmRelayRequest): Promise<WinrmRelayReply> {
  const { id, op } = request;
  if (op === 'start') {
    relay = new BenchRelay(request.config);
    return { id, op };
  }
  if (relay === undefined) throw new Error('not started');
  if (op === 'again') {
    relay.again();
    return { id, op };
  }
  if (op === 'report') return { id, op, report: relay.report() };
  await relay.stop();
  return { id, op };
}

// The bench is the only one who speaks here, and speaks our form.
process.on('message', (request: WinrmRelayRequest) => {
  void obey(request)
    .catch((error: unknown): WinrmRelayReply => ({ id: request.id, op: 'failed', error: String(error) }))
    .then((reply) => process.send?.(reply, () => request.op === 'stop' && process.disconnect()));
});
