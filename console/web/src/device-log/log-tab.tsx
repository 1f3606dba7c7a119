// The events of a device: entries of its own logs, newest first, by what one looks for, and on as far back as they are kept.
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useFacts } from '#console/web/src/device/device-data.ts';
import { factOf, rowsIn, textAt, unknownIn } from '#console/web/src/device/facts.ts';
import { UnknownNote } from '#console/web/src/device-windows/unknown-note.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import './device-log.css';
import { useLog } from './log-data.ts';
import { LogFilters, type LogPatch } from './log-filters.tsx';
import { LogLine } from './log-line.tsx';
import { type Between, isNarrowed, type LogSearch, parseLogSearch } from './log-search.ts';
import { t } from './text.ts';

const route = getRouteApi('/shell/devices/$id');

/** As many as the console keeps of one device. */
const KEPT = 2_000;

export function LogTab({ device: { id } }: { device: { id: string } }) {
  const whole = route.useSearch();
  const navigate = route.useNavigate();
  const { from, to } = whole;
  const between = from === undefined || to === undefined ? undefined : { from, to };
  const search = parseLogSearch({ ...whole });
  const change = useCallback(
    (patch: LogPatch) =>
      void navigate({ search: (former) => patched(former, patch), replace: true, resetScroll: false }),
    [navigate],
  );
  const anyTime = () => void navigate({ search: ({ from: _from, to: _to, ...rest }) => rest, resetScroll: false });
  return (
    <>
      <LogFilters id={id} search={search} between={between} onChange={change} onAnyTime={anyTime} />
      <Unread id={id} />
      <Entries id={id} search={search} between={between} onNarrow={change} />
    </>
  );
}

/** What is undefined stands in no URL. */
const patched = <Search extends LogSearch>(former: Search, patch: LogPatch): Search =>
  // The same members, those of the events among them in place of theirs.
  Object.fromEntries(Object.entries({ ...former, ...patch }).filter(([, value]) => value !== undefined)) as Search;

/** Logs without entries because nobody may read them: that is not the same as empty. */
function Unread({ id }: { id: string }) {
  const fact = factOf(useFacts(id).data, 'event-logs');
  const whole = unknownIn(fact);
  const logs = rowsIn(fact, 'logs').filter((row) => textAt(row, 'unknown') !== '');
  if (whole === undefined && logs.length === 0) return null;
  return (
    <section className="panel mb-3 p-3" aria-label={t('unread')}>
      <h2 className="section-title mb-1">{t('unread')}</h2>
      {whole !== undefined && <UnknownNote reason={whole} />}
      {logs.map((row) => (
        <div key={textAt(row, 'name')}>
          <h3 className="m-0 text-xs font-medium wrap-anywhere">{textAt(row, 'name')}</h3>
          <UnknownNote reason={textAt(row, 'unknown')} />
        </div>
      ))}
    </section>
  );
}

interface EntriesProps {
  id: string;
  search: LogSearch;
  between: Between | undefined;
  onNarrow: (patch: LogPatch) => void;
}

function Entries({ id, search, between, onNarrow }: EntriesProps) {
  const read = useLog(id, search, between);
  const pages = read.data?.pages;
  if (read.isError && pages === undefined)
    return <FaultNote what={t('fault')} error={read.error} onRetry={() => void read.refetch()} />;
  if (pages === undefined) return <SkeletonRows label={t('reading')} />;
  const items = pages.flatMap((page) => page.items);
  if (items.length === 0)
    return <Nothing isNarrowed={isNarrowed(search) || between !== undefined} onClear={() => onNarrow(NOTHING)} />;
  return (
    <>
      <ol className="log-list panel" aria-label={t('events')} aria-busy={read.isPlaceholderData}>
        {items.map((item) => (
          <LogLine key={item.seq} item={item} onNarrow={onNarrow} />
        ))}
      </ol>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        {read.hasNextPage && (
          <Button isBusy={read.isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
            {t('earlier')}
          </Button>
        )}
        <p className="m-0 text-xs text-muted">
          {t('clockOfDevice')} {t('kept', { count: KEPT })}
        </p>
      </div>
    </>
  );
}

const NOTHING: LogPatch = {
  ...{ level: undefined, log: undefined, source: undefined, code: undefined, text: undefined, ago: undefined },
};

function Nothing({ isNarrowed: isFiltered, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  if (!isFiltered) return <EmptyState title={t('empty')} body={t('emptyBody')} />;
  return (
    <EmptyState title={t('nothingFits')} body={t('nothingFitsBody')}>
      <Button onClick={onClear}>{t('clear')}</Button>
    </EmptyState>
  );
}
