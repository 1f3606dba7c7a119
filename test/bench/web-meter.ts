// What a page costs its browser's main thread, by the DevTools protocol: wall time and processor time of its tasks.
import type { CDPSession, Page } from 'playwright-core';

/** A slow machine on a slow line: a quarter of this processor, 9 Mb/s, and the way there and back. */
const SLOW_CPU = 4;
const SLOW_LINE = { offline: false, downloadThroughput: 9e6 / 8, uploadThroughput: 3e6 / 8, latency: 40 };

export async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', SLOW_LINE);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW_CPU });
}

/** Milliseconds that tasks of the main thread took. */
export interface Busy {
  /** From their beginning to their end: what else runs on the machine is in it. */
  wallMs: number;
  /** The thread's own processor time: what they take where a core is free. */
  cpuMs: number;
}

/** The same, and when: in seconds, as the metrics of the page count them. */
export interface Spent extends Busy {
  fromS: number;
  toS: number;
}

export class ThreadMeter {
  readonly #wall: CDPSession;
  readonly #cpu: CDPSession;

  private constructor(wall: CDPSession, cpu: CDPSession) {
    this.#wall = wall;
    this.#cpu = cpu;
  }

  static async of(page: Page): Promise<ThreadMeter> {
    const context = page.context();
    const [wall, cpu] = [await context.newCDPSession(page), await context.newCDPSession(page)];
    await wall.send('Performance.enable', { timeDomain: 'timeTicks' });
    await cpu.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new ThreadMeter(wall, cpu);
  }

  /** Of `act`, and of what it causes until it is done. */
  async during(act: () => Promise<unknown>): Promise<Spent> {
    const before = await this.#read();
    await act();
    const after = await this.#read();
    return {
      wallMs: after.wallMs - before.wallMs,
      cpuMs: after.cpuMs - before.cpuMs,
      fromS: before.atS,
      toS: after.atS,
    };
  }

  async #read(): Promise<Busy & { atS: number }> {
    const [wall, cpu] = [await metricsOf(this.#wall), await metricsOf(this.#cpu)];
    return { wallMs: taskMs(wall), cpuMs: taskMs(cpu), atS: cpu.get('Timestamp') ?? Number.NaN };
  }
}

async function metricsOf(session: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

const taskMs = (metrics: Map<string, number>): number => (metrics.get('TaskDuration') ?? Number.NaN) * 1_000;
