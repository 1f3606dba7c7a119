// The fleet on a small screen: a card per device, the same numbers in the same order. A long press begins a selection.
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, type PointerEvent, useLayoutEffect, useRef, useState } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { percent, UNKNOWN } from '#console/web/src/text/format.ts';
import { Age } from '#console/web/src/ui/age.tsx';
import { Bar } from '#console/web/src/ui/meter.tsx';
import { SimulatedMark, StatusMark } from '#console/web/src/ui/status-mark.tsx';
import { fleet, selection, useIsSelected, useRow } from './fleet.ts';
import { isAwayRow, statusOf } from './fleet-rows.ts';
import { fieldTitle, t } from './text.ts';
import { useListKeys } from './use-list-keys.ts';

const CARD_PX = 108;
const GAP_PX = 8;
/** The bar above covers what scrolls below it. */
const COVERED_PX = 44;

interface CardsProps {
  view: readonly number[];
  isSelecting: boolean;
  onSelecting: (isSelecting: boolean) => void;
  onLeave: () => boolean;
}

export function FleetCards({ view, isSelecting, onSelecting, onLeave }: CardsProps) {
  const list = useRef<HTMLUListElement>(null);
  const top = useTop(list);
  const cards = useWindowVirtualizer({
    count: view.length,
    estimateSize: () => CARD_PX + GAP_PX,
    overscan: 6,
    scrollMargin: top,
    scrollPaddingStart: COVERED_PX,
  });
  useListKeys({ view, scrollTo: (index) => cards.scrollToIndex(index), onLeave });
  const onHold = (id: string) => {
    onSelecting(true);
    selection.toggle(id);
  };
  return (
    <ul ref={list} aria-label={t('tableLabel')} className="cards" style={{ height: cards.getTotalSize() }}>
      {cards.getVirtualItems().map(({ index, start }) => (
        <li
          key={idAt(view, index)}
          aria-setsize={view.length}
          aria-posinset={index + 1}
          className="absolute inset-x-0"
          style={{ height: CARD_PX, transform: `translateY(${start - top}px)` }}
        >
          <Card id={idAt(view, index)} index={index} isSelecting={isSelecting} onHold={onHold} />
        </li>
      ))}
    </ul>
  );
}

const idAt = (view: readonly number[], index: number): string => fleet.rows.id[view[index] ?? -1] ?? '';

/** Where on the page the first card begins, again whenever what stands above grows or shrinks. */
function useTop(list: React.RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setTop((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  return top;
}

interface CardProps {
  id: string;
  index: number;
  isSelecting: boolean;
  onHold: (id: string) => void;
}

const Card = memo(function Card({ id, index, isSelecting, onHold }: CardProps) {
  const row = useRow(id);
  const isSelected = useIsSelected(id);
  const hold = useHold(() => onHold(id));
  const { rows } = fleet;
  return (
    <article className="card" data-selected={isSelected || undefined} {...hold}>
      <div className="flex items-center gap-2">
        {isSelecting && (
          <label className="card-select">
            <input
              type="checkbox"
              className="tick"
              checked={isSelected}
              aria-label={t('select', { name: rows.name[row] ?? '' })}
              onChange={() => selection.toggle(id)}
            />
          </label>
        )}
        <Link to="/devices/$id" params={{ id }} data-row={index} className="row-link card-link grow">
          {rows.name[row]}
        </Link>
        {rows.isSimulated[row] === 1 && <SimulatedMark />}
        <StatusMark status={statusOf(rows, row)} isAway={isAwayRow(rows, row)} />
      </div>
      <div className="flex justify-between gap-3 text-xs text-muted">
        <span className="truncate">{rows.sites[rows.site[row] ?? -1]?.name}</span>
        <Polled row={row} />
      </div>
      <dl className="m-0 grid grid-cols-3 gap-4">
        <Share name={fieldTitle('cpu')} ratio={rows.cpu[row] ?? Number.NaN} />
        <Share name={fieldTitle('memory')} ratio={rows.memory[row] ?? Number.NaN} />
        <Share name={fieldTitle('disk')} ratio={rows.disk[row] ?? Number.NaN} />
      </dl>
    </article>
  );
});

function Polled({ row }: { row: number }) {
  // An age grows by itself: it renders alone, and its card does not.
  const now = useFiveSeconds();
  const { rows } = fleet;
  const at = rows.polled[row] ?? Number.NaN;
  // Not known yet is not never.
  if (Number.isNaN(at) && !fleet.hasReadings()) return <span className="text-muted">{UNKNOWN}</span>;
  return <Age at={at} now={now} intervalMs={rows.intervalMs[row] ?? 60_000} />;
}

function Share({ name, ratio }: { name: string; ratio: number }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="m-0">
        <span className="text-sm">{percent(ratio)}</span>
        <Bar ratio={ratio} />
      </dd>
    </div>
  );
}

/** As long as phones take for a long press. */
const HOLD_MS = 500;
/** A finger trembles; farther it scrolls. */
const TREMBLE_PX = 8;

/** A finger held still. The press that ends it opens nothing. */
function useHold(onHold: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = useRef({ x: 0, y: 0 });
  const isHeld = useRef(false);
  const end = () => clearTimeout(timer.current);
  return {
    onPointerDown: (event: PointerEvent) => {
      isHeld.current = false;
      if (event.pointerType === 'mouse') return;
      start.current = { x: event.clientX, y: event.clientY };
      timer.current = setTimeout(() => {
        isHeld.current = true;
        onHold();
      }, HOLD_MS);
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const { x, y } = start.current;
      if (Math.hypot(clientX - x, clientY - y) > TREMBLE_PX) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    onContextMenu: (event: React.MouseEvent) => isHeld.current && event.preventDefault(),
    onClickCapture: (event: React.MouseEvent) => {
      if (!isHeld.current) return;
      isHeld.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
