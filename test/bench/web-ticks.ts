// What a burst of live changes costs the fleet page: its own work, and all of it with what the browser paints.
import type { ChildProcess } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { systemClock } from '#shared/base/clock.ts';
import { ask } from './console-child.ts';
import { type Frames, FrameTrace } from './frame-trace.ts';
import { median } from './statistics.ts';
import type { WebRequest } from './web-message.ts';
import { type Spent, ThreadMeter } from './web-meter.ts';

const BURST = 1_000;
/** The console flushes at 4 Hz; within this the page has heard and drawn. */
const BURST_MS = 600;

/** Of the main thread, for one burst, less what the same page takes in the same time when nothing comes. */
export interface Tick {
  /** Reading, parsing, applying, rendering, style and layout, in processor time: what a page can do something about. */
  ownMs: number;
  /** All tasks, in processor time: the browser's painting and compositing too. */
  paintedMs: number;
  /** All tasks from their beginning to their end. */
  wallMs: number;
}

/** A burst is one event of the feed with a thousand devices, from just before it was made until long after it was drawn. */
export async function tickCosts(browser: Browser, page: Page, child: ChildProcess, bursts: number): Promise<Tick[]> {
  const meter = await ThreadMeter.of(page);
  const pause = () => systemClock.sleep(BURST_MS);
  await ask(child, { op: 'live', isLive: false } satisfies WebRequest);
  await pause();
  const trace = await FrameTrace.start(browser);
  const burst = { op: 'burst', devices: BURST } satisfies WebRequest;
  const quiet: Spent[] = [];
  const busy: Spent[] = [];
  for (let n = 0; n < bursts; n += 1) {
    quiet.push(await meter.during(pause));
    busy.push(
      await meter.during(async () => {
        await ask(child, burst);
        await pause();
      }),
    );
  }
  const frames = await trace.stop();
  await ask(child, { op: 'live', isLive: true } satisfies WebRequest);
  return lessIdle(
    quiet.map((spent) => tickOf(spent, frames)),
    busy.map((spent) => drawn(tickOf(spent, frames), spent, frames)),
  );
}

function tickOf({ wallMs, cpuMs, fromS, toS }: Spent, frames: Frames): Tick {
  const { paintingMs } = frames.between(fromS, toS);
  // A frame is one of the tasks: were it more than all of them, the trace would be of another page, or of another clock.
  if (!(paintingMs <= cpuMs)) throw new Error(`painting took ${paintingMs} of ${cpuMs} ms`);
  return { wallMs, paintedMs: cpuMs, ownMs: cpuMs - paintingMs };
}

function drawn(tick: Tick, { fromS, toS }: Spent, frames: Frames): Tick {
  if (frames.between(fromS, toS).count === 0) throw new Error('a burst was not drawn');
  return tick;
}

function lessIdle(quiet: readonly Tick[], busy: readonly Tick[]): Tick[] {
  const idle = (of: (tick: Tick) => number) => median(quiet.map(of));
  const [wallMs, paintedMs, ownMs] = [idle((t) => t.wallMs), idle((t) => t.paintedMs), idle((t) => t.ownMs)];
  return busy.map((tick) => ({
    wallMs: tick.wallMs - wallMs,
    paintedMs: tick.paintedMs - paintedMs,
    ownMs: tick.ownMs - ownMs,
  }));
}
