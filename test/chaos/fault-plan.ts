// Which fault comes when: drawn from a seed before the run, so that the same seed breaks the same things in the same order.
import { seededRandom } from '#test/fixtures/seeded-random.ts';

/** `console`, or the number of a relay. */
export type Target = 'console' | number;

export type NetworkFault =
  | 'reset'
  | 'close'
  | 'stall'
  | 'black-hole'
  | 'refuse'
  | 'slow'
  | 'truncate'
  | 'corrupt'
  | 'duplicate';

export type Fault = { atMs: number } & (
  | { kind: 'kill'; target: Target }
  | { kind: 'pause'; target: Target; forMs: number }
  | { kind: 'network'; relay: number; fault: NetworkFault; forMs: number }
);

export interface PlanOptions {
  seed: number;
  seconds: number;
  relays: number;
  killsPerSecond: number;
}

const PAUSES_PER_SECOND = 0.15;
const NETWORK_PER_SECOND = 0.5;
/** The console is one process of nine and carries all streams: each fifth kill is its own, and it has time to work between. */
const CONSOLE_EVERY = 5;
const NETWORK_FAULTS: readonly NetworkFault[] = [
  'reset',
  'close',
  'stall',
  'black-hole',
  'refuse',
  'slow',
  'truncate',
  'corrupt',
  'duplicate',
];

/** Sorted by time; each kind is spread evenly with some jitter. */
export function planFaults({ seed, seconds, relays, killsPerSecond }: PlanOptions): Fault[] {
  const random = seededRandom(seed);
  const pick = (n: number) => Math.floor(random() * n);
  const target = (i: number): Target => (i % CONSOLE_EVERY === 2 ? 'console' : pick(relays));
  const times = (perSecond: number) => {
    const count = Math.max(1, Math.round(perSecond * seconds));
    const stepMs = (seconds * 1_000) / count;
    return Array.from({ length: count }, (_, i) => Math.floor((i + random() * 0.8) * stepMs));
  };
  const faults: Fault[] = [
    ...times(killsPerSecond).map((atMs, i): Fault => ({ atMs, kind: 'kill', target: target(i) })),
    ...times(PAUSES_PER_SECOND).map(
      (atMs): Fault => ({
        atMs,
        kind: 'pause',
        target: pick(relays + 1) === relays ? 'console' : pick(relays),
        forMs: 500 + pick(2_000),
      }),
    ),
    ...times(NETWORK_PER_SECOND).map(
      (atMs): Fault => ({
        atMs,
        kind: 'network',
        relay: pick(relays),
        fault: NETWORK_FAULTS[pick(NETWORK_FAULTS.length)] ?? 'reset',
        forMs: 300 + pick(1_500),
      }),
    ),
  ];
  return faults.sort((a, b) => a.atMs - b.atMs);
}
