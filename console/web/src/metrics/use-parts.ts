// What of an answer is missing and why, for the note and for the drawing; undefined before the first answer.
import { useMemo } from 'react';
import { consoleNow } from '#console/web/src/live/now.ts';
import { missingOf, type Source } from '#console/web/src/span/missing.ts';
import { stretchesOf } from '#console/web/src/span/source-note.tsx';
import { keptFromOf, useKept } from '#console/web/src/span/use-kept.ts';

export function useParts(source: Source | undefined) {
  const { data: kept } = useKept();
  return useMemo(() => {
    const missing = missingOf(source, { now: consoleNow(), addedAt: undefined, keptFrom: keptFromOf(kept) });
    return { missing, stretches: stretchesOf(missing) };
  }, [source, kept]);
}
