// One round of a peer: fed with the mix until the data ends, its processor time and bytes counted once it is warm.
import { systemClock } from '#shared/base/clock.ts';
import { processUse } from '#test/bench/process-meter.ts';
import type { HttpPeer } from '#test/peers/http-peer.ts';

export interface PeerRound {
  /** Samples a CPU second of the server, what it does in the end to have them on disk included. */
  perCpuS: number;
  wireBytesPerSample: number;
  rssMb: number;
  samples: number;
}

/** A server that was just started compiles, allocates and registers series: the first 2 s are not counted. */
const WARM_MS = 2_000;

export interface Feeding {
  /** CPU seconds so far. */
  cpuS: () => number;
  rssMb: () => number;
  /** Bytes sent so far. */
  sent: () => number;
  /** Sends the next piece; how many samples it held, 0 at the end. */
  next: () => Promise<number>;
  /** What is in memory goes to disk. */
  settle: () => Promise<unknown>;
}

export async function runRound({ cpuS, rssMb, sent, next, settle }: Feeding): Promise<PeerRound> {
  const began = systemClock.monotonic();
  let warm: { cpuS: number; sent: number } | undefined;
  let samples = 0;
  for (let n = await next(); n > 0; n = await next()) {
    if (warm === undefined) {
      if (systemClock.monotonic() - began >= WARM_MS) warm = { cpuS: cpuS(), sent: sent() };
      continue;
    }
    samples += n;
  }
  await settle();
  if (warm === undefined || samples === 0) throw new Error('the data ended before the peer was warm');
  return {
    perCpuS: samples / (cpuS() - warm.cpuS),
    wireBytesPerSample: (sent() - warm.sent) / samples,
    rssMb: rssMb(),
    samples,
  };
}

export const ofProcess = ({ pid }: HttpPeer): Pick<Feeding, 'cpuS' | 'rssMb'> => ({
  cpuS: () => processUse(pid).cpuS,
  rssMb: () => processUse(pid).peakRssMb,
});
