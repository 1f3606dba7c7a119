// The columns of this page: the URL's choice, this browser's widths, and what fits where nobody chose.
import { type RefObject, useCallback, useLayoutEffect, useMemo, useState } from 'react';
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';
import { columnsFor, readWidths, sumOf, type Widths, writeWidths } from './column-layout.ts';
import type { ColumnKey } from './column-list.ts';
import type { FleetViewProps } from './fleet-search.ts';

const COLUMNS = 'rmm-fleet-columns';
const WIDTHS = 'rmm-fleet-widths';

export interface ColumnState {
  keys: readonly ColumnKey[];
  widths: Widths;
  /** Undefined gives a column its usual width again. */
  onWidth: (key: ColumnKey, px: number | undefined) => void;
  /** An empty list asks for the usual columns. */
  onColumns: (keys: readonly ColumnKey[]) => void;
  isChosen: boolean;
  /** Wider than its room: it scrolls sideways. */
  isWide: boolean;
}

/** The table's own border (2 px) and scrollbar (15 px in most browsers, others lay theirs over it) stand in its room. */
const BESIDE_PX = 17;

export function useColumns({ search, onChange }: FleetViewProps, room: RefObject<HTMLElement | null>): ColumnState {
  const px = Math.max(0, useWidthOf(room) - BESIDE_PX);
  const [widths, setWidths] = useState(() => readWidths(readStored(WIDTHS)));
  const [stored, setStored] = useState(() => readStored(COLUMNS));
  const { columns } = search;
  const keys = useMemo(() => columnsFor(columns, stored, { px, widths }), [columns, stored, px, widths]);
  const onWidth = useCallback((key: ColumnKey, width: number | undefined) => {
    setWidths(({ [key]: _former, ...rest }) => {
      const next = width === undefined ? rest : { ...rest, [key]: width };
      writeStored(WIDTHS, writeWidths(next));
      return next;
    });
  }, []);
  const onColumns = useCallback(
    (chosen: readonly ColumnKey[]) => {
      const text = chosen.join(',');
      writeStored(COLUMNS, text);
      setStored(text);
      onChange({ columns: text === '' ? undefined : text });
    },
    [onChange],
  );
  const isWide = px > 0 && sumOf(keys, widths) > px;
  return { keys, widths, onWidth, onColumns, isChosen: (columns ?? stored ?? '') !== '', isWide };
}

function useWidthOf(place: RefObject<HTMLElement | null>): number {
  const [px, setPx] = useState(0);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const measure = () => setPx(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return px;
}
