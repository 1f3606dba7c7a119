// The reference of the API, made from the description that the console itself gives.
import { apiPrefix } from 'virtual:contract-routes';
import { useMemo, useState } from 'react';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { KeyValue } from '#console/web/src/ui/key-values.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { type Operation, useReference } from './document.ts';
import { OperationCard } from './operation-card.tsx';
import { t } from './text.ts';

const TOKEN_HEADER = 'Authorization: Bearer …';

export function ReferencePage() {
  usePageTitle(t('title'));
  const read = useReference();
  return (
    <>
      <div className="mb-1 flex flex-wrap items-center justify-between gap-3">
        <h1 className="m-0 text-xl font-semibold">{t('title')}</h1>
        <a className="button button-plain" href={`${apiPrefix}/openapi.json`} target="_blank" rel="noreferrer">
          {t('document')}
        </a>
      </div>
      <p className="mt-0 mb-4 max-w-prose text-muted">{t('intro')}</p>
      <Basics />
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data === undefined && read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && <Operations operations={read.data.operations} />}
    </>
  );
}

function Basics() {
  return (
    <section aria-label={t('basics')} className="panel mb-5 p-4">
      <dl className="m-0 grid grid-cols-[repeat(auto-fit,minmax(min(17rem,100%),1fr))] gap-x-6 gap-y-4">
        <KeyValue name={t('address')}>
          <code className="code">
            {location.origin}
            {apiPrefix}
          </code>
        </KeyValue>
        <KeyValue name={t('token')}>
          {t('tokenBody')} <code className="code">{TOKEN_HEADER}</code>
        </KeyValue>
        <KeyValue name={t('errors')}>{t('errorsBody')}</KeyValue>
        <KeyValue name={t('paging')}>{t('pagingBody')}</KeyValue>
        <KeyValue name={t('repeat')}>{t('repeatBody')}</KeyValue>
      </dl>
    </section>
  );
}

const fits = (one: Operation, words: readonly string[]): boolean => {
  const text = `${one.method} ${one.path} ${one.summary} ${one.tag} ${one.permission} ${one.id}`.toLocaleLowerCase();
  return words.every((word) => text.includes(word));
};

function Operations({ operations }: { operations: readonly Operation[] }) {
  const [filter, setFilter] = useState('');
  const shown = useMemo(() => {
    const words = filter
      .toLocaleLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    return operations.filter((one) => fits(one, words));
  }, [operations, filter]);
  const tags = [...new Set(shown.map((one) => one.tag))].sort();
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
        <div className="w-full max-w-sm">
          <TextField
            label={t('filter')}
            isLabelHidden
            placeholder={t('filterHint')}
            type="search"
            value={filter}
            onText={setFilter}
          />
        </div>
        <p role="status" className="m-0 text-xs text-muted">
          {shown.length === 0 ? t('nothingFits') : t('count', { count: shown.length })}
        </p>
      </div>
      {tags.map((tag) => (
        <section key={tag} aria-label={tag} className="mb-5">
          <h2 className="mt-0 mb-1.5 text-sm font-semibold">{tag}</h2>
          <div className="panel">
            {shown
              .filter((one) => one.tag === tag)
              .map((one) => (
                <OperationCard key={one.id} operation={one} />
              ))}
          </div>
        </section>
      ))}
    </>
  );
}
