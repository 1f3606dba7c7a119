// What of a page's main thread is the browser's own painting and compositing, by a trace of its frames.
import type { Browser, CDPSession } from 'playwright-core';

export interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds of a clock that the page's metrics count by too. */
  ts: number;
  dur?: number;
  /** The thread's own processor time, in microseconds. */
  tdur?: number;
}

/** A frame as the main thread makes it, from its callbacks to what it hands to the compositor. */
const FRAME = 'ProxyMain::BeginMainFrame';
/** What of it is the page's: animation callbacks and events, then style and layout. */
const OWN = ['WebFrameWidgetImpl::BeginMainFrame', 'LocalFrameView::RunStyleAndLayoutLifecyclePhases'];

interface Frame {
  from: number;
  to: number;
  paintingMs: number;
}

/** The frames of the one page that drew. */
export class Frames {
  readonly #frames: readonly Frame[];

  /** A trace without frames, or without processor time, is a fault: it would make everything the page's own or nothing. */
  constructor(events: readonly TraceEvent[]) {
    const begun = events.filter(({ name, ph }) => name === FRAME && ph === 'X');
    const first = begun[0];
    if (first === undefined) throw new Error('the trace holds no frame');
    if (begun.some((frame) => !isSameThread(frame, first))) throw new Error('the trace holds frames of two pages');
    const own = events.filter((event) => OWN.includes(event.name) && event.ph === 'X' && isSameThread(event, first));
    if (own.length === 0) throw new Error('the trace holds frames without style or layout');
    this.#frames = begun.map((frame) => {
      const to = frame.ts + (frame.dur ?? 0);
      const inside = own.filter(({ ts }) => ts >= frame.ts && ts < to);
      const ownMs = inside.reduce((sum, event) => sum + cpuMs(event), 0);
      return { from: frame.ts, to, paintingMs: cpuMs(frame) - ownMs };
    });
  }

  /** Between two times of the page's metrics, in seconds. */
  between(fromS: number, toS: number): { count: number; paintingMs: number } {
    const inside = this.#frames.filter(({ from, to }) => from >= fromS * 1e6 && to <= toS * 1e6);
    return { count: inside.length, paintingMs: inside.reduce((sum, { paintingMs }) => sum + paintingMs, 0) };
  }
}

const isSameThread = (a: TraceEvent, b: TraceEvent): boolean => a.pid === b.pid && a.tid === b.tid;

function cpuMs({ name, tdur }: TraceEvent): number {
  if (tdur === undefined) throw new Error(`the trace holds no processor time of ${name}`);
  return tdur / 1_000;
}

export class FrameTrace {
  readonly #session: CDPSession;
  readonly #events: TraceEvent[] = [];

  private constructor(session: CDPSession) {
    this.#session = session;
    // The protocol gives events no type; those that are read are checked where they are.
    session.on('Tracing.dataCollected', ({ value }) => this.#events.push(...(value as unknown as TraceEvent[])));
  }

  /** Follows all pages of the browser, in the few categories that frames are told in: each event costs the page a little. */
  static async start(browser: Browser): Promise<FrameTrace> {
    const session = await browser.newBrowserCDPSession();
    const trace = new FrameTrace(session);
    const traceConfig = {
      recordMode: 'recordUntilFull',
      includedCategories: ['cc', 'blink'],
      excludedCategories: ['*'],
    };
    await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig } as never); // the client's types lag behind
    return trace;
  }

  async stop(): Promise<Frames> {
    const complete = new Promise<boolean>((resolve) => {
      this.#session.once('Tracing.tracingComplete', ({ dataLossOccurred }) => resolve(dataLossOccurred));
    });
    await this.#session.send('Tracing.end');
    const isLossy = await complete;
    await this.#session.detach();
    if (isLossy) throw new Error('the trace is not whole');
    return new Frames(this.#events);
  }
}
