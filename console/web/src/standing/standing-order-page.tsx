// One standing order: what was signed, how it stands with it, what its relay did, and ending it, signing it too or anew.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import { type Names, namesOf, targetsQuery } from '#console/web/src/orders/orders-data.ts';
import { SignBox } from '#console/web/src/orders/sign-box.tsx';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { rmm } from '#console/web/src/signing/command-text.ts';
import { signingFault } from '#console/web/src/signing/passkey-fault.ts';
import { charterQuery } from '#console/web/src/signing/trust-data.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { peopleOf } from '#console/web/src/trust/trust-people.ts';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { inert } from '#shared/base/inert-text.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import type { StandingOrder } from '#shared/model/standing-order.ts';
import { helpfulSigners } from '#shared/seal/order-draft.ts';
import { STANDING, type Stood, standingQuery, useMatches } from './standing-data.ts';
import { StandingMark, StandingNote } from './standing-mark.tsx';
import { StandingRuns } from './standing-runs.tsx';
import { StandingView } from './standing-view.tsx';
import { t } from './text.ts';
import { WithdrawDialog } from './withdraw-dialog.tsx';
import '#console/web/src/signing/signing.css';

const route = getRouteApi('/shell/standing/$id');

export function StandingOrderPage() {
  usePageTitle(t('one'));
  const { id } = route.useParams();
  const read = useQuery(standingQuery(id));
  const [isLoaded, around] = useAround(read.data?.order);
  return (
    <>
      <p className="mt-0 mb-1">
        <Link to="/standing" className="link-quiet">
          {t('toList')}
        </Link>
      </p>
      {(read.data === undefined || !isLoaded) && (
        <>
          <h1 className="mt-0 mb-3 text-xl font-semibold">{t('one')}</h1>
          {read.isError ? (
            <EmptyState title={t('notRead')} body={signingFault(read.error) || faultText(read.error)} />
          ) : (
            <SkeletonRows label={t('reading')} />
          )}
        </>
      )}
      {read.data !== undefined && isLoaded && <Shown stood={read.data} {...around} />}
    </>
  );
}

interface Around {
  charter: Charter | undefined;
  names: Names;
}

/** What stands beside the order: all of it, or what could be read, before any of it is shown, so that nothing moves. */
function useAround(order: StandingOrder | undefined): [isLoaded: boolean, around: Around] {
  const watched = order?.trigger.type === 'device-unreachable' ? [order.trigger.device] : [];
  const devices = [...new Set([...(order?.targets ?? []).map(({ device }) => device), ...watched])];
  const charter = useQuery({ ...charterQuery(order?.site ?? ''), enabled: order !== undefined });
  const targets = useQuery(targetsQuery(devices));
  const { rule, relay = '' } = order ?? {};
  const matches = useMatches(relay, rule?.text ?? '', rule !== undefined);
  const isWaiting =
    charter.isPending || (devices.length > 0 && targets.isPending) || (rule !== undefined && matches.isPending);
  return [!isWaiting, { charter: charter.data, names: namesOf(targets.data ?? []) }];
}

function Shown({ stood, charter, names }: Around & { stood: Stood }) {
  const { order, summary } = stood;
  const [isEnding, setIsEnding] = useState(false);
  return (
    <>
      <PageHead title={inert(order.name)} note={<StandingMark stood={stood} />}>
        <LinkButton to="/standing/new" search={{ anew: order.id }} icon="refresh" needs="standing.write">
          {t('renew')}
        </LinkButton>
        {summary.state !== 'withdrawn' && (
          <Button kind="danger" icon="close" needs="standing.write" onClick={() => setIsEnding(true)}>
            {t('withdraw')}
          </Button>
        )}
      </PageHead>
      <StandingNote stood={stood} />
      <section className="panel mt-3 mb-4 max-w-4xl p-3">
        <StandingView order={order} charter={charter} names={names}>
          <div>
            <dt className="text-xs text-muted md:text-sm">{t('who')}</dt>
            <dd>{peopleOf(summary.signed.signatures, charter)}</dd>
          </div>
        </StandingView>
        {summary.state === 'waiting-for-signature' && charter !== undefined && (
          <SignToo stood={stood} charter={charter} />
        )}
      </section>
      <StandingRuns id={order.id} />
      {isEnding && <WithdrawDialog order={order} onClose={() => setIsEnding(false)} />}
    </>
  );
}

/** The next signature covers the text that others signed, byte for byte. */
function SignToo({ stood: { order, summary }, charter }: { stood: Stood; charter: Charter }) {
  const queries = useQueryClient();
  const [lacks, setLacks] = useState<string>();
  const { text, signatures } = summary.signed;
  const couldSign = helpfulSigners([charter], summary.signer.split(' '), tierOf(order.action));
  const submit = async (signature: PasskeySignature) => {
    const answer = await exactApi.standing.put({ signed: { text, signatures: [...signatures, signature] } });
    setLacks(answer.lacks ?? undefined);
    await queries.invalidateQueries({ queryKey: STANDING });
  };
  return (
    <section className="mt-4" aria-label={t('signToo')}>
      <h2 className="section-title mb-1">{t('signToo')}</h2>
      {lacks !== undefined && (
        <p role="status" className="m-0">
          {t('lacks', { lacks })}
        </p>
      )}
      <SignBox
        statement={text}
        signers={couldSign}
        command={rmm('standing', 'sign', '--id', order.id)}
        onSigned={submit}
      />
    </section>
  );
}
