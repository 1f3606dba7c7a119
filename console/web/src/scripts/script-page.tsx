// One script: a version in full, what changed since the one before, and all versions there are.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { inert, inertLines } from '#shared/base/inert-text.ts';
import { diffLines, shortDiff } from '#shared/model/line-diff.ts';
import type { ScriptVersion } from '#shared/model/script.ts';
import { type ReadScript, scriptQuery } from './script-data.ts';
import { originText, signedText } from './script-head.tsx';
import { t } from './text.ts';
import '#console/web/src/signing/signing.css';

export function ScriptPage() {
  const { id } = useParams({ from: '/shell/scripts/$id' });
  const [version, setVersion] = useState<number>();
  const read = useQuery(scriptQuery(id, version));
  const title = read.data === undefined ? t('title') : inert(read.data.document.name);
  usePageTitle(title);
  return (
    <>
      <PageHead title={title} />
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && <Shown script={read.data} onVersion={setVersion} />}
    </>
  );
}

function Shown({ script, onVersion }: { script: ReadScript; onVersion: (version: number) => void }) {
  const { shown, document, versions, former } = script;
  const { parameters, vars = [] } = document;
  return (
    <>
      <p className="mt-0 mb-1">{`${t('version', { version: shown.version })}, ${t('withShell', { shell: document.shell })}`}</p>
      {document.description !== '' && <p className="mt-0 mb-1 wrap-anywhere">{inert(document.description)}</p>}
      <p className="mt-0 mb-1 text-muted wrap-anywhere">{`${signedText(shown)}. ${originText(shown)}`}</p>
      <p className="mt-0 mb-4 text-muted wrap-anywhere">{t('hash', { hash: shown.hash })}</p>
      {parameters.length > 0 && <h2>{t('parameters')}</h2>}
      <ul>
        {parameters.map(({ name, type, label }) => (
          <li
            key={name}
            className="wrap-anywhere"
          >{`${name}: ${type}${label === undefined ? '' : `, ${inert(label)}`}`}</li>
        ))}
      </ul>
      {vars.length > 0 && <p className="wrap-anywhere">{t('variables', { names: vars.join(', ') })}</p>}
      <Texts document={document} />
      {former !== undefined && <Changed before={former} after={document} />}
      <h2>{t('versions')}</h2>
      <ul className="plain-list">
        {versions.map((one) => (
          <li key={one.version} className="mb-2 flex flex-wrap items-center gap-x-3">
            <Button onClick={() => onVersion(one.version)}>{t('version', { version: one.version })}</Button>
            <span className="text-muted wrap-anywhere">{`${signedText(one)}. ${originText(one)}`}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const PARTS = [
  ['before', 'partBefore'],
  ['text', 'partText'],
  ['rollback', 'partRollback'],
  ['after', 'partAfter'],
] as const;

function Texts({ document }: { document: ScriptVersion }) {
  return PARTS.map(([part, title]) => {
    const body = document[part];
    if (body === undefined) return null;
    return (
      <section key={part}>
        <h2>{t(title)}</h2>
        <pre className="order-text">{inertLines(body)}</pre>
      </section>
    );
  });
}

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;

const wholeText = (document: ScriptVersion): string => PARTS.flatMap(([part]) => document[part] ?? []).join('\n');

function Changed({ before, after }: { before: ScriptVersion; after: ScriptVersion }) {
  const lines = shortDiff(diffLines(wholeText(before), wholeText(after)));
  const isSame = lines.every((line) => line === undefined);
  const text = lines.map((line) => (line === undefined ? '...' : `${SIGNS[line.kind]} ${line.text}`)).join('\n');
  return (
    <section>
      <h2>{t('changed', { version: before.version })}</h2>
      {isSame ? <p>{t('sameText')}</p> : <pre className="order-text">{inertLines(text)}</pre>}
      {!isSame && <p className="text-muted">{t('leftOut')}</p>}
    </section>
  );
}
