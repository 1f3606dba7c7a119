// The part of time a page shows, read from its URL and written back to it.
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { consoleNow } from '#console/web/src/live/now.ts';
import { type Span, type SpanKey, type SpanSearch, shifted, spanOf, type Window, zoomed } from './spans.ts';

export interface Time {
  window: Window;
  /** The usual span, for the way back out. */
  span: Span;
  onSpan: (span: Span) => void;
  onZoom: (from: number, to: number) => void;
  onShift: (way: -1 | 1) => void;
}

/** `search` is the page's own; everything else that stands in it stays. */
export function useTime(search: SpanSearch, usual: SpanKey): Time {
  const navigate = useNavigate();
  const { from, to } = search;
  const span = spanOf(search, usual);
  const window = useMemo<Window>(
    () => (from === undefined || to === undefined ? { kind: 'span', span } : { kind: 'still', from, to }),
    [from, to, span],
  );
  const onSpan = useCallback(
    (next: Span) =>
      void navigate({
        to: '.',
        search: ({ from: _from, to: _to, ...former }) => ({ ...former, span: next.key }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  // A zoom is a step: the browser's way back leads out of it.
  const onZoom = useCallback(
    (start: number, end: number) =>
      void navigate({
        to: '.',
        search: (former) => ({ ...former, ...zoomed(start, end, consoleNow()) }),
        resetScroll: false,
      }),
    [navigate],
  );
  const onShift = useCallback(
    (way: -1 | 1) =>
      void navigate({
        to: '.',
        search: (former) => ({ ...former, ...shifted(window, way, consoleNow()) }),
        replace: true,
        resetScroll: false,
      }),
    [navigate, window],
  );
  return { window, span, onSpan, onZoom, onShift };
}
