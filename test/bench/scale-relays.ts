// The load generator of the scale bench in its own process: a relay for each site, all of them over TLS with their certificates.
import { setMaxListeners } from 'node:events';
import { IdentityStore } from '#relay/pin/identity.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId } from '#shared/base/id.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { BenchRelay } from './bench-relay.ts';
import { mixData, ROWS } from './mix-data.ts';
import { ScaleFrames, turned } from './scale-frames.ts';
import type { ScaleReply, ScaleRequest } from './scale-message.ts';

/** Of the open hour: fewer minutes than have passed of it. */
const LIVE_SWEEPS = 8;

type Plan = Extract<ScaleRequest, { op: 'connect' }>;

interface Fed {
  relay: BenchRelay;
  batches: readonly Batch[];
  /** Which part of a sweep passes before this site's comes. */
  phase: number;
}

class Generator {
  readonly #plan: Plan;
  readonly #frames: ScaleFrames;
  readonly #relays: readonly Fed[];
  readonly #stopping = new AbortController();

  constructor(plan: Plan) {
    this.#plan = plan;
    const { sites, hour } = plan;
    // Each site sleeps until its turn.
    setMaxListeners(sites.length + 1, this.#stopping.signal);
    const data = mixData({ devices: sites[0]?.devices.length ?? 0, hours: 2, hour });
    this.#frames = new ScaleFrames(data);
    this.#relays = sites.map(({ folder, devices }, n) => ({
      relay: new BenchRelay(new IdentityStore(folder)),
      batches: this.#frames.of(turned(devices, n).map((id) => DeviceId.parse(id))),
      phase: n / sites.length,
    }));
  }

  async connect(): Promise<void> {
    for (const { relay } of this.#relays) await relay.connect();
  }

  /** Resolves when the hour is received everywhere; each site goes on with what is live. */
  async send(fail: (error: unknown) => void): Promise<void> {
    const { sweepMs, liveMs } = this.#plan;
    await this.#sweeps({ from: 0, to: ROWS, everyMs: sweepMs });
    this.#sweeps({ from: ROWS, to: ROWS + 1, everyMs: Math.min(liveMs, sweepMs) })
      .then(() => this.#sweeps({ from: ROWS + 1, to: ROWS + LIVE_SWEEPS, everyMs: liveMs }))
      .catch(fail);
  }

  async sealed(): Promise<void> {
    await Promise.all(this.#relays.map(({ relay }) => relay.sealed(this.#frames.end(ROWS - 1))));
  }

  stop(): void {
    this.#stopping.abort();
    for (const { relay } of this.#relays) relay.stop();
  }

  async #sweeps({ from, to, everyMs }: { from: number; to: number; everyMs: number }): Promise<void> {
    const began = systemClock.monotonic();
    const one = async ({ relay, batches, phase }: Fed) => {
      for (let sweep = from; sweep < to; sweep += 1) {
        const waitMs = began + (sweep - from + phase) * everyMs - systemClock.monotonic();
        if (waitMs > 0) await systemClock.sleep(waitMs, this.#stopping.signal);
        await relay.deliver(batches.slice(sweep === 0 ? 0 : this.#frames.end(sweep - 1), this.#frames.end(sweep)));
      }
    };
    await Promise.all(this.#relays.map(one));
  }
}

let generator: Generator | undefined;
const say = (reply: ScaleReply) => process.connected && process.send?.(reply);
const fail = (error: unknown) => say({ op: 'failed', error: String(error) });

async function answer(request: ScaleRequest): Promise<void> {
  switch (request.op) {
    case 'connect':
      generator = new Generator(request);
      await generator.connect();
      break;
    case 'send':
      await generator?.send(fail);
      break;
    case 'sealed':
      await generator?.sealed();
      break;
    case 'stop':
      generator?.stop();
      process.disconnect();
  }
}

process.on('message', (message) => {
  // Our own parent speaks our own form.
  answer(message as ScaleRequest).then(() => say({ op: 'done' }), fail);
});
