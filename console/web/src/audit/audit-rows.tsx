// The rows of the trail: a line each, and what each holds when it is opened.
import { Link } from '@tanstack/react-router';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { actorText, placeOf } from './actor-words.ts';
import type { AuditRow } from './audit-data.ts';
import { OutcomeMark } from './outcome-mark.tsx';
import { t } from './text.ts';

interface RowsProps {
  rows: readonly AuditRow[];
  names: ReadonlyMap<string, string>;
}

export const AuditRows = ({ rows, names }: RowsProps) => (
  <ol aria-label={t('title')} className="panel m-0 list-none overflow-hidden p-0">
    {rows.map((row) => (
      <li key={row.seq} className="audit-row">
        <Row row={row} names={names} />
      </li>
    ))}
  </ol>
);

function Row({ row, names }: { row: AuditRow; names: RowsProps['names'] }) {
  const { at, actor, verb, resource, outcome } = row;
  return (
    <details>
      <summary>
        <time dateTime={new Date(at).toISOString()} className="whitespace-nowrap text-muted">
          {fullTime(at)}
        </time>
        <span className="font-medium max-lg:order-2">{actorText(actor, names)}</span>
        <span className="font-mono text-xs max-lg:order-3 max-lg:text-right">{verb}</span>
        <span className="font-mono text-xs text-muted max-lg:order-4 max-lg:col-span-2">{resource}</span>
        <span className="max-lg:order-1 max-lg:text-right">
          <OutcomeMark outcome={outcome} />
        </span>
      </summary>
      <Held row={row} />
    </details>
  );
}

function Held({ row: { seq, address, siteId, resource, hash, detail } }: { row: AuditRow }) {
  const site = useSites().data?.find(({ id }) => id === siteId);
  const place = placeOf(resource);
  return (
    <div className="px-3 pb-3">
      <KeyValues>
        <KeyValue name={t('row', { seq: '' }).trim()}>{seq}</KeyValue>
        <KeyValue name={t('address')}>{address ?? '–'}</KeyValue>
        {siteId !== null && <KeyValue name={t('site')}>{site?.name ?? siteId}</KeyValue>}
        {place !== undefined && (
          <KeyValue name={t('resource')}>
            <Link to={place.to} params={{ id: place.id }}>
              {t('toThing')}
            </Link>
          </KeyValue>
        )}
      </KeyValues>
      <p className="mt-2 mb-0 text-xs text-muted">
        {t('hash')}: <span className="font-mono wrap-anywhere">{hash}</span>
      </p>
      <p className="mt-2 mb-1 text-xs text-muted">{t('detail')}</p>
      {detail === null || detail === undefined ? (
        <p className="m-0">{t('noDetail')}</p>
      ) : (
        <pre className="printed m-0">{JSON.stringify(detail, null, 2)}</pre>
      )}
    </div>
  );
}
