// The columns of this page: the URL's choice, this browser's widths, and what fits where nobody chose.
import { type RefObject, useCallback, useLayoutEffect, useMemo, useState } from 'react';
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';
import { columnsFor, readWidths, sumOf, type Widths, writeWidths } from './column-layout.ts';
import type { ColumnKey } from './column-list.ts';
import { type FleetViewProps, readColumns } from './fleet-search.ts';

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

/** The navigation, the margins of a page, the facets with their gap, and the widest a page becomes. */
const [NAV_PX, MARGINS_PX, FACETS_PX, MAX_PAGE_PX] = [200, 40, 216, 1680];

/** Before anything could be measured. A guess that is right saves drawing all rows a second time. */
function usualWidth(areFacetsBeside: boolean): number {
  const page = matchMedia('(width >= 64rem)').matches ? window.innerWidth - NAV_PX : window.innerWidth;
  return Math.min(MAX_PAGE_PX, page) - MARGINS_PX - (areFacetsBeside ? FACETS_PX : 0);
}

interface Room {
  place: RefObject<HTMLElement | null>;
  areFacetsBeside: boolean;
}

export function useColumns({ search, onChange }: FleetViewProps, room: Room): ColumnState {
  const px = Math.max(0, useWidthOf(room) - BESIDE_PX);
  const [widths, setWidths] = useState(() => readWidths(readStored(WIDTHS)));
  const [stored, setStored] = useState(() => readStored(COLUMNS));
  const { columns } = search;
  // Rows compare the list itself: most widths of a window give the same one.
  const names = columnsFor(columns, stored, { px, widths }).join();
  const keys = useMemo(() => readColumns(names), [names]);
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

function useWidthOf({ place, areFacetsBeside }: Room): number {
  const [px, setPx] = useState(() => usualWidth(areFacetsBeside));
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
