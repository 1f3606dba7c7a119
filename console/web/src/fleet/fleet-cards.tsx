// The fleet on a small screen: a card per device, the same numbers in the same order.
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { percent } from '#console/web/src/text/format.ts';
import { Age } from '#console/web/src/ui/age.tsx';
import { Bar } from '#console/web/src/ui/meter.tsx';
import { SimulatedMark, StatusMark } from '#console/web/src/ui/status-mark.tsx';
import { fleet } from './fleet.ts';
import { useRowKeys } from './use-row-keys.ts';

const CARD_PX = 108;

export function FleetCards({ view }: { view: readonly number[] }) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY), []);
  const cards = useWindowVirtualizer({
    count: view.length,
    estimateSize: () => CARD_PX,
    overscan: 6,
    scrollMargin: top,
    getItemKey: (index) => fleet.columns.id[view[index] ?? -1] ?? index,
  });
  useRowKeys({ view, scrollTo: (index) => cards.scrollToIndex(index) });
  const now = useFiveSeconds();
  return (
    <ul ref={list} aria-label="Devices" className="relative m-0 list-none p-0" style={{ height: cards.getTotalSize() }}>
      {cards.getVirtualItems().map(({ index, key, start }) => (
        <li
          key={key}
          aria-setsize={view.length}
          aria-posinset={index + 1}
          className="absolute inset-x-0 pb-2"
          style={{ height: CARD_PX, transform: `translateY(${start - top}px)` }}
        >
          <Card row={view[index] ?? 0} index={index} now={now} />
        </li>
      ))}
    </ul>
  );
}

function Card({ row, index, now }: { row: number; index: number; now: number }) {
  const { columns } = fleet;
  return (
    <article className="relative flex h-full flex-col justify-between rounded-md border border-line bg-surface px-3 py-2">
      <div className="flex items-center gap-2">
        <Link to="/devices/$id" params={{ id: columns.id[row] ?? '' }} data-row={index} className="row-link grow">
          {columns.name[row]}
        </Link>
        {columns.isSimulated[row] === true && <SimulatedMark />}
        <StatusMark status={columns.status[row] ?? 'unknown'} />
      </div>
      <div className="flex justify-between gap-3 text-xs text-muted">
        <span className="truncate">{columns.site[row]}</span>
        <Age at={columns.polled[row] ?? null} now={now} intervalMs={columns.intervalMs[row] ?? 60_000} />
      </div>
      <dl className="m-0 grid grid-cols-3 gap-4">
        <Share name="CPU" ratio={columns.cpu[row] ?? Number.NaN} />
        <Share name="Memory" ratio={columns.memory[row] ?? Number.NaN} />
        <Share name="Disk" ratio={columns.disk[row] ?? Number.NaN} />
      </dl>
    </article>
  );
}

function Share({ name, ratio }: { name: string; ratio: number }) {
  return (
    <div>
      <dt className="flex justify-between text-xs text-muted">{name}</dt>
      <dd className="m-0">
        <span className="text-[13px]">{percent(ratio)}</span>
        <Bar ratio={ratio} />
      </dd>
    </div>
  );
}
