// The library of scripts: each with its newest version, its shell, and who signed it.
import { Link } from '@tanstack/react-router';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { inert } from '#shared/base/inert-text.ts';
import type { ScriptHead } from '#shared/contract/script-contract.ts';
import { useScripts } from './script-data.ts';
import { originText, signedText } from './script-head.tsx';
import { t } from './text.ts';
import '#console/web/src/signing/signing.css';

export function ScriptsPage() {
  usePageTitle(t('title'));
  const read = useScripts();
  return (
    <>
      <PageHead title={t('title')} />
      <p className="mt-0 mb-4 max-w-prose text-muted">{t('intro')}</p>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data?.length === 0 && <EmptyState title={t('noneYet')} body={t('noneYetBody')} />}
      <ul className="plain-list">
        {read.data?.map((script) => (
          <li key={script.id}>
            <Card script={script} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Card({ script }: { script: ScriptHead }) {
  const { id, name, version, shell, description } = script;
  return (
    <Link to="/scripts/$id" params={{ id }} className="order-card text-ink no-underline hover:bg-raised">
      <span className="flex flex-wrap items-center justify-between gap-x-3">
        <strong className="font-medium wrap-anywhere">{inert(name)}</strong>
        <span className="text-muted">{`${t('version', { version })}, ${t('withShell', { shell })}`}</span>
      </span>
      {description !== '' && <span className="block wrap-anywhere">{inert(description)}</span>}
      <span className="block text-muted wrap-anywhere">{`${signedText(script)}. ${originText(script)}`}</span>
    </Link>
  );
}
