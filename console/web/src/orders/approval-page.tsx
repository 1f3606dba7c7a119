// One order that waits: all parts of it, worked out here from its manifests, to be signed or declined.
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { rmm } from '#console/web/src/signing/command-text.ts';
import { signingFault } from '#console/web/src/signing/passkey-fault.ts';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { inert } from '#shared/base/inert-text.ts';
import type { Signer } from '#shared/model/charter.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { personOf } from '#shared/seal/signature-check.ts';
import { placeOf } from './order-search.ts';
import { Fact, OrderView } from './order-view.tsx';
import { useOrders, useWaiting, type Waiting } from './orders-data.ts';
import { SignBox } from './sign-box.tsx';
import { StopOrder } from './stop-order.tsx';
import { t } from './text.ts';
import '#console/web/src/signing/signing.css';

const route = getRouteApi('/shell/approvals/$id');

export function ApprovalPage() {
  usePageTitle(t('approvalTitle'));
  const { id } = route.useParams();
  const read = useWaiting(id);
  const state = useOrders([id])[0]?.data?.state;
  const isOver = state !== undefined && state !== 'waiting-for-signature';
  return (
    <>
      <p className="mt-0 mb-1">
        <Link to="/approvals" className="link-quiet">
          {t('approvalsTitle')}
        </Link>
      </p>
      <h1 className="mt-0 mb-3 text-xl font-semibold">{t('approvalTitle')}</h1>
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {(isOver || (read.data === undefined && read.isError)) && (
        <EmptyState title={t(isOver ? 'waitsNoMore' : 'cannotBeShown')} body={isOver ? '' : signingFault(read.error)}>
          <Link to="/orders/$id" params={{ id }} className="button">
            {t('toOrder')}
          </Link>
        </EmptyState>
      )}
      {!isOver && read.data !== undefined && <Approval waiting={read.data} />}
    </>
  );
}

function Approval({ waiting: { id, batch, names } }: { waiting: Waiting }) {
  const now = useFiveSeconds();
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const [lacks, setLacks] = useState<string>();
  const ids = batch.manifests.map((manifest) => manifest.id);
  const leave = async () => {
    const place = placeOf(ids);
    await navigate({ to: '/orders/$id', params: { id: place.id }, search: place.search });
    void queries.invalidateQueries({ queryKey: ['orders', 'list-waiting'] });
  };
  const submit = async (signature: PasskeySignature) => {
    const answer = await exactApi.actions.sign({ id, signature });
    if (answer.lacks === null) return leave();
    setLacks(answer.lacks);
    void queries.invalidateQueries({ queryKey: ['orders', 'waiting', id] });
  };
  return (
    <section className="panel max-w-4xl p-3">
      <OrderView manifests={batch.manifests} rule={batch.rule} names={names}>
        <Fact name={t('signedBy')}>{batch.signedBy.map(whoText).join(', ')}</Fact>
        <Fact name={t('waitsFor')}>
          {batch.couldSign.length === 0 ? t('nobodyCan') : batch.couldSign.map(whoText).join(', ')}
        </Fact>
      </OrderView>
      {lacks !== undefined && (
        <p role="status" className="mt-3 mb-0">
          {t('signedAndLacks', { lacks })}
        </p>
      )}
      <SignBox
        statement={batch.statement}
        signers={batch.couldSign}
        command={rmm('action', 'sign', id)}
        hindrance={batch.signBefore < now ? t('tooLate') : undefined}
        devices={batch.manifests.reduce((sum, { targets }) => sum + targets.length, 0)}
        onSigned={submit}
      >
        <StopOrder ids={ids} isWaiting onStopped={() => void leave()} />
      </SignBox>
    </section>
  );
}

/** "bob, passkey"; the person beside the key's name when they differ. */
const whoText = (signer: Signer): string => {
  const person = personOf(signer);
  const name = person === signer.name ? person : `${person} (${signer.name})`;
  return t(signer.kind === 'passkey' ? 'byPasskey' : 'byCommandLine', { name: inert(name) });
};
