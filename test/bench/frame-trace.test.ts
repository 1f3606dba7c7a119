// A tick without a trace must fail its bench, not pass it.
import { expect, test } from 'vitest';
import { Frames, type TraceEvent } from './frame-trace.ts';

const event = (name: string, ts: number, dur: number, tdur = dur): TraceEvent => ({
  ...{ name, ph: 'X', pid: 1, tid: 1 },
  ...{ ts, dur, tdur },
});
const FRAME = event('ProxyMain::BeginMainFrame', 1_000_000, 9_000, 8_000);
const CALLBACKS = event('WebFrameWidgetImpl::BeginMainFrame', 1_000_100, 2_000);
const LAYOUT = event('LocalFrameView::RunStyleAndLayoutLifecyclePhases', 1_003_000, 1_000);

test('painting is what of a frame is neither its callbacks nor style and layout', () => {
  const outside = event('LocalFrameView::RunStyleAndLayoutLifecyclePhases', 2_000_000, 5_000);
  const frames = new Frames([CALLBACKS, LAYOUT, outside, FRAME]);
  expect(frames.between(0.9, 1.5)).toEqual({ count: 1, paintingMs: 5 });
  expect(frames.between(1.5, 2.5)).toEqual({ count: 0, paintingMs: 0 });
});

test.each([
  ['nothing', [], /no frame/],
  ['no frame', [CALLBACKS, LAYOUT], /no frame/],
  ['frames that nothing is known of', [FRAME], /without style/],
  ['two pages', [FRAME, LAYOUT, { ...FRAME, pid: 2 }], /two pages/],
  ['no processor time', [{ ...FRAME, tdur: undefined }, LAYOUT] as TraceEvent[], /no processor time/], // as a browser might send it
])('a trace of %s is a fault', (_, events, message) => {
  expect(() => new Frames(events)).toThrow(message);
});
