// Above the table: how many devices are how, each count a filter, and a field that filters as one types.
import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import { StatusShape, statusText } from '#console/web/src/ui/status-mark.tsx';
import type { DeviceStatus } from '#shared/model/device.ts';
import { fleet } from './fleet.ts';
import { type FleetViewProps, SORT_KEYS, STATUS_ORDER } from './fleet-query.ts';
import { COLUMN_TITLES, firstDirection } from './fleet-sort.ts';

interface ToolbarProps extends FleetViewProps {
  filter: RefObject<HTMLInputElement | null>;
}

export function FleetToolbar({ search, onChange, filter }: ToolbarProps) {
  useSyncExternalStore(fleet.subscribe, fleet.version);
  const counts = fleet.counts();
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-2 gap-y-2">
      <fieldset aria-label="Filter by status" className="m-0 flex flex-wrap gap-1.5 border-0 p-0">
        <CountButton
          label="All"
          count={fleet.size}
          isOn={search.status === undefined}
          onPress={() => onChange({ status: undefined })}
        />
        {STATUS_ORDER.map((status) => (
          <CountButton
            key={status}
            label={statusText(status)}
            status={status}
            count={counts[status]}
            isOn={search.status === status}
            onPress={() => onChange({ status: search.status === status ? undefined : status })}
          />
        ))}
      </fieldset>
      <span className="hidden grow sm:block" />
      <SortChoice search={search} onChange={onChange} />
      <FilterField search={search} onChange={onChange} filter={filter} />
    </div>
  );
}

interface CountProps {
  label: string;
  count: number;
  status?: DeviceStatus;
  isOn: boolean;
  onPress: () => void;
}

function CountButton({ label, count, status, isOn, onPress }: CountProps) {
  // A count of nothing is no news; it keeps its place, so that nothing jumps when it is.
  const isQuiet = count === 0 && !isOn;
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onPress}
      className={`chip ${isQuiet ? 'chip-quiet max-sm:hidden' : ''}`}
    >
      {status !== undefined && <StatusShape status={status} />}
      {label} <span className="font-semibold">{count.toLocaleString('en')}</span>
    </button>
  );
}

/** Typing is instant here and reaches the URL a little later, so that ten thousand rows are not filtered per key. */
const SETTLE_MS = 120;

function FilterField({ search, onChange, filter }: ToolbarProps) {
  const asked = search.q ?? '';
  const [text, setText] = useState(asked);
  const [known, setKnown] = useState(asked);
  if (known !== asked) {
    // The URL changed by other means: back, or "clear".
    setKnown(asked);
    setText(asked);
  }
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => onChange({ q: text }), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, asked, onChange]);
  return (
    <label className="relative min-w-0 flex-1 basis-40 sm:w-64 sm:flex-none">
      <span className="sr-only">Filter by name, host, site or address</span>
      <input
        ref={filter}
        type="search"
        value={text}
        placeholder="Filter"
        className="field w-full pr-8"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <kbd className="pointer-events-none absolute top-1/2 right-2 hidden -translate-y-1/2 sm:block">/</kbd>
    </label>
  );
}

/** Cards have no headers to press. */
function SortChoice({ search, onChange }: FleetViewProps) {
  return (
    <label className="flex items-center gap-2 text-xs text-muted sm:hidden">
      Sort
      <select
        className="field"
        value={search.sort ?? 'status'}
        onChange={(event) => {
          const sort = SORT_KEYS.find((key) => key === event.target.value) ?? 'status';
          onChange({ sort, desc: firstDirection(sort) === 'descending' ? true : undefined });
        }}
      >
        {SORT_KEYS.map((key) => (
          <option key={key} value={key}>
            {COLUMN_TITLES[key]}
          </option>
        ))}
      </select>
    </label>
  );
}
