// What the drafts say against what is in force, customer by customer, read from the very text that a tap signs.
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { SignBox } from '#console/web/src/orders/sign-box.tsx';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { charterQuery } from '#console/web/src/signing/trust-data.ts';
import { agoText } from '#console/web/src/text/time.ts';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { Table } from '#console/web/src/ui/table.tsx';
import { inert } from '#shared/base/inert-text.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import type { SignedWatch, WatchDocument } from '#shared/model/watch-policy.ts';
import { readWatch } from '#shared/seal/watch-seal.ts';
import { changedLines, linesOf } from './document-lines.ts';
import { PlanPart } from './plan-part.tsx';
import { inForceQuery, useDrafts, useStalePolicies, useWaiting } from './policy-data.ts';
import { t } from './text.ts';
import '#console/web/src/signing/signing.css';

export function SignPage() {
  usePageTitle(t('signTitle'));
  const drafts = useDrafts();
  const waiting = useWaiting();
  const now = useFiveSeconds();
  const fault = drafts.error ?? waiting.error;
  const isEmpty = drafts.data?.length === 0 && waiting.data?.length === 0;
  return (
    <>
      <p className="mt-0 mb-1">
        <Link to="/policies" className="link-quiet">
          {t('toList')}
        </Link>
      </p>
      <h1 className="mt-0 mb-1 text-xl font-semibold">{t('signTitle')}</h1>
      <p className="mt-0 mb-4 max-w-prose text-muted">{t('signIntro')}</p>
      {fault !== null && <FaultNote what={t('notRead')} error={fault} onRetry={() => void drafts.refetch()} />}
      {(drafts.isPending || waiting.isPending) && fault === null && <SkeletonRows label={t('reading')} />}
      {isEmpty && <EmptyState title={t('nothingToSign')} body={t('nothingToSignBody')} />}
      {drafts.data !== undefined && drafts.data.length > 0 && <PlanPart />}
      {drafts.data?.map(({ text, before, customerName, version }) => (
        <ToSign
          key={version}
          title={t('document', { customer: inert(customerName) })}
          signed={{ text, signatures: [] }}
          before={before ?? undefined}
          command="rmm policy sign --yes"
        />
      ))}
      {waiting.data?.map(({ version, signed, createdBy, createdAt, lacks }) => (
        <ToSign
          key={version}
          title={t('documentWaits')}
          note={`${t('madeBy', { who: inert(createdBy), ago: agoText(createdAt, now) })}: ${inert(lacks)}`}
          signed={signed}
          command={`rmm policy sign --version ${version} --yes`}
        />
      ))}
    </>
  );
}

interface ToSignProps {
  title: string;
  note?: string;
  signed: Pick<SignedWatch, 'text'> & { signatures: SignedWatch['signatures'] };
  /** Text of what is in force; absent: it is read from the first of its sites. */
  before?: string | undefined;
  command: string;
}

/** A text that does not read throws here, and the page's own fault shows: nobody signs what cannot be read. */
function ToSign({ title, note, signed, before, command }: ToSignProps) {
  const document = readWatch(signed);
  const names = new Map<string, string>((useSites().data ?? []).map(({ id, name }) => [id, inert(name)]));
  const nameOf = (id: string) => names.get(id) ?? id;
  return (
    <section className="panel mt-4 max-w-5xl p-3">
      <h2 className="mt-0 mb-1 text-base font-semibold">{title}</h2>
      {note !== undefined && <p className="mt-0 mb-1">{note}</p>}
      <p className="mt-0 mb-3 text-muted">
        {t('forSites', { count: document.sites.length, names: document.sites.map(nameOf).join(', ') })}
      </p>
      <Differences document={document} before={before} nameOf={nameOf} />
      <Tap document={document} signed={signed} command={command} />
    </section>
  );
}

interface DifferencesProps {
  document: WatchDocument;
  before: string | undefined;
  nameOf: (id: string) => string;
}

function Differences({ document, before, nameOf }: DifferencesProps) {
  const [first] = document.sites;
  const isAsked = before === undefined && first !== undefined;
  const read = useQuery({ ...inForceQuery(first ?? ''), enabled: isAsked });
  if (isAsked && read.isPending) return <SkeletonRows label={t('reading')} />;
  const text = before ?? read.data?.text;
  const former = text === undefined ? undefined : linesOf(readWatch({ text }), nameOf);
  const rows = changedLines(former, linesOf(document, nameOf));
  return (
    <Table
      caption={t('plan')}
      isCaptionHidden
      className="max-h-[32rem]"
      rows={rows}
      rowKey={({ key }) => key}
      empty={t('nothingDiffers')}
      columns={[
        { key: 'what', title: t('what'), cell: ({ name }) => name },
        { key: 'now', title: t('now'), cell: (row) => row.before },
        { key: 'after', title: t('after'), cell: (row) => row.after },
      ]}
    />
  );
}

/** Whose key counts at all of its sites may sign it. */
function Tap({ document, signed, command }: Pick<ToSignProps, 'signed' | 'command'> & { document: WatchDocument }) {
  const queries = useQueryClient();
  const stale = useStalePolicies();
  const [done, setDone] = useState('');
  const charters = useQueries({ queries: document.sites.map((site) => charterQuery(site)) });
  if (charters.some(({ isPending }) => isPending)) return <SkeletonRows label={t('reading')} />;
  const known = charters.flatMap(({ data }) => data ?? []);
  const [first] = known;
  const isEverywhere = (key: string) =>
    known.length === document.sites.length && known.every(({ signers }) => signers.some((one) => one.key.id === key));
  const signers = (first?.signers ?? []).filter(({ role, key }) => role !== 'guardian' && isEverywhere(key.id));
  const submit = async (signature: PasskeySignature) => {
    const answer = await exactApi.policies.put({
      signed: { text: signed.text, signatures: [...signed.signatures, signature] },
    });
    setDone(answer.lacks === null ? t('signedNow') : t('signedWaits', { lacks: inert(answer.lacks) }));
    await stale();
    await queries.invalidateQueries({ queryKey: ['audit'] });
  };
  if (done !== '')
    return (
      <p role="status" className="mt-3 mb-0 font-medium">
        {done}
      </p>
    );
  return (
    <SignBox
      statement={signed.text}
      signers={signers}
      command={command}
      hindrance={signers.length === 0 ? t('noSigner') : undefined}
      onSigned={submit}
    />
  );
}
