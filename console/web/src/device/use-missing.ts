// Which parts of what the charts show are missing, and why: in words for the note, and as parts of the drawing.
import { useMemo } from 'react';
import { consoleNow } from '#console/web/src/live/now.ts';
import { missingOf } from '#console/web/src/span/missing.ts';
import { stretchesOf } from '#console/web/src/span/source-note.tsx';
import { keptFromOf, useKept } from '#console/web/src/span/use-kept.ts';
import type { DeviceData, History } from './device-data.ts';

export function useMissing({ createdAt }: DeviceData, read: History | undefined) {
  const { data: kept } = useKept();
  return useMemo(() => {
    const missing = missingOf(read?.source, { now: consoleNow(), addedAt: createdAt, keptFrom: keptFromOf(kept) });
    const shown = read === undefined ? undefined : { lines: read.series, source: read.source };
    return { missing, stretches: stretchesOf(missing), shown };
  }, [read, createdAt, kept]);
}
