// Says whether a device is up: two failures in a row make it down, one success up, and a verdict needs no second opinion.

import type { PollOutcome } from '#relay/poll/poll-outcome.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { FailureReason } from '#shared/base/outcome.ts';
import type { DeviceStatus } from '#shared/model/device.ts';
import type { RelayEventRecord, StateRecord } from '#shared/model/record.ts';

/** Failures of the line, which one lost packet can cause; the poller asks again soon after the first. */
const DOUBTFUL: ReadonlySet<FailureReason> = new Set([
  'unreachable',
  'refused',
  'timed-out',
  'lost',
  'malformed',
  'too-large',
  'cancelled',
]);
const FAILURES_TO_DOWN = 2;
/** From here on records of the device and of the relay cannot be compared; the wire flags the same skew between relay and console. */
const MAX_SKEW_MS = 300_000;
/** A skew must shrink well below the limit before it counts as healed, so that a clock on the edge does not flap. */
const HEALED_SKEW_MS = 240_000;
/** What StateRecord's detail holds. */
const MAX_DETAIL_CHARS = 2_000;

interface Watched {
  status: DeviceStatus;
  reason: FailureReason | undefined;
  failures: number;
  isSkewed: boolean;
}

export interface DeviceWatchDeps {
  onState(record: StateRecord): void;
  onEvent(record: RelayEventRecord): void;
}

export class DeviceWatch {
  readonly #deps: DeviceWatchDeps;
  readonly #devices = new Map<DeviceId, Watched>();

  constructor(deps: DeviceWatchDeps) {
    this.#deps = deps;
  }

  status(device: DeviceId): DeviceStatus {
    return this.#devices.get(device)?.status ?? 'unknown';
  }

  /** Each outcome of the poller passes here, in order. */
  observe(outcome: PollOutcome): void {
    const watched = this.#watched(outcome.device);
    if (!outcome.ok) {
      this.#failed(watched, outcome);
      return;
    }
    watched.failures = 0;
    this.#moveTo(watched, 'up', outcome);
    if (outcome.clockSkewMs !== undefined)
      this.#compareClocks(watched, outcome.device, outcome.at, outcome.clockSkewMs);
  }

  /** The device left the roster. */
  forget(device: DeviceId): void {
    this.#devices.delete(device);
  }

  #watched(device: DeviceId): Watched {
    const known = this.#devices.get(device);
    if (known !== undefined) return known;
    const watched: Watched = { status: 'unknown', reason: undefined, failures: 0, isSkewed: false };
    this.#devices.set(device, watched);
    return watched;
  }

  #failed(watched: Watched, outcome: PollOutcome & { ok: false }): void {
    watched.failures += 1;
    if (outcome.reason === 'identity-changed') this.#moveTo(watched, 'identity-changed', outcome);
    else if (!DOUBTFUL.has(outcome.reason) || watched.failures >= FAILURES_TO_DOWN)
      this.#moveTo(watched, 'down', outcome);
  }

  /** Tells each change of status, and of the reason for being down. */
  #moveTo(watched: Watched, status: DeviceStatus, outcome: PollOutcome): void {
    const reason = outcome.ok ? undefined : outcome.reason;
    if (watched.status === status && watched.reason === reason) return;
    const { device, at } = outcome;
    const why = outcome.ok ? {} : { reason: outcome.reason, detail: outcome.detail.slice(0, MAX_DETAIL_CHARS) };
    this.#deps.onState({ type: 'state', device, at, status, ...why });
    // A disk that took nothing has thrown: the next outcome tells it again.
    watched.status = status;
    watched.reason = reason;
  }

  #compareClocks(watched: Watched, device: DeviceId, at: EpochMs, skewMs: number): void {
    const size = Math.abs(skewMs);
    const isSkewed = size > (watched.isSkewed ? HEALED_SKEW_MS : MAX_SKEW_MS);
    if (isSkewed === watched.isSkewed) return;
    watched.isSkewed = isSkewed;
    const direction = skewMs > 0 ? 'ahead of' : 'behind';
    const detail = isSkewed
      ? `device ${device}: its clock is ${Math.round(size / 1_000)} s ${direction} the relay's`
      : `device ${device}: its clock agrees with the relay's again`;
    const severity = isSkewed ? 'warning' : 'info';
    this.#deps.onEvent({ type: 'relay-event', at, code: 'clock-skew', severity, detail });
  }
}
