// The way into a session on a device: what one signs, whose key the relay holds, one tap, and the wait until it stands.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { consoleNow } from '#console/web/src/live/now.ts';
import { OrderView } from '#console/web/src/orders/order-view.tsx';
import { namesOf, targetsQuery } from '#console/web/src/orders/orders-data.ts';
import { charterQuery } from '#console/web/src/signing/trust-data.ts';
import { useCredentials } from '#console/web/src/trust/credentials-data.ts';
import { RelayKeyPart } from '#console/web/src/trust/relay-key-part.tsx';
import { CommandInstead, signHindrance } from '#console/web/src/trust/sign-dialog.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { OpenSession } from '#shared/seal/attached-session.ts';
import { comparedKey } from './compared-keys.ts';
import { draftSession, type SessionAsk, type SessionWish } from './session-draft.ts';
import { t } from './text.ts';
import { type Opening, useOpening } from './use-opening.ts';
import '#console/web/src/signing/signing.css';

export interface SessionDoorProps {
  device: string;
  wish: SessionWish;
  timeoutMs: number;
  /** Of the button: "Open a terminal". */
  verb: string;
  /** What a person types who opens it outside of this page. */
  command: string;
  onOpen: (session: OpenSession) => void;
}

export function SessionDoor(props: SessionDoorProps) {
  const targets = useQuery(targetsQuery([props.device]));
  const target = targets.data?.[0];
  const charter = useQuery({ ...charterQuery(target?.siteId ?? ''), enabled: target !== undefined });
  const fault = targets.error ?? charter.error;
  if (fault !== null)
    return (
      <FaultNote
        what={t('notRead')}
        error={fault}
        onRetry={() => void Promise.all([targets.refetch(), charter.refetch()])}
      />
    );
  if (target === undefined || charter.data === undefined) return <SkeletonRows label={t('reading')} />;
  return <Door {...props} target={target} charter={charter.data} />;
}

interface DoorProps extends SessionDoorProps {
  target: DeviceTarget;
  charter: Charter;
}

function Door({ target, charter, wish, timeoutMs, verb, command, onOpen }: DoorProps) {
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState(() => comparedKey(target.relayId));
  // Read here so that the relay's key is known when it is asked for.
  useCredentials();
  const { opening, fault, start, stop } = useOpening({ typed, onOpen });
  const ask: SessionAsk = { target, wish, timeoutMs, reason };
  const why = signHindrance(
    charter,
    charter.signers.filter(({ role }) => role !== 'guardian'),
  );
  const isBusy = opening.step !== 'form';
  return (
    <form
      noValidate
      autoComplete="off"
      className="panel max-w-3xl p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && why === undefined) start(ask);
      }}
    >
      <TextField label={t('reason')} hint={t('reasonHint')} value={reason} maxLength={500} onText={setReason} />
      <RelayKeyPart relay={{ id: target.relayId }} charter={charter} typed={typed} onTyped={setTyped} />
      <Signed ask={ask} charter={charter} />
      <p className="mt-3 mb-0 max-w-prose text-muted">{t('honest')}</p>
      {why !== undefined && <p className="m-0 mt-3 max-w-prose">{why}</p>}
      {fault !== '' && (
        <p role="alert" className="m-0 mt-3 text-down">
          {fault}
        </p>
      )}
      <Progress opening={opening} />
      <div className="mt-4 flex flex-wrap gap-2">
        <Button
          kind="primary"
          icon="lock"
          type="submit"
          needs="action.attach"
          isBusy={isBusy}
          disabled={why !== undefined}
        >
          {verb}
        </Button>
        {isBusy && <Button onClick={stop}>{t('cancel')}</Button>}
      </div>
      <CommandInstead command={command} isOpen={why !== undefined} />
    </form>
  );
}

/** As it is drafted again with a key of its own when somebody signs: only times, number and key are others then. */
function Signed({ ask, charter }: { ask: SessionAsk; charter: Charter }) {
  const draft = useQuery({
    queryKey: ['sessions', 'draft', ask.target.id, charter.version, ask.wish.kind],
    queryFn: () => draftSession({ ...ask, reason: '' }, charter, consoleNow()),
  }).data;
  if (draft === undefined) return null;
  return (
    <section className="mt-4" aria-label={t('toBeSigned')}>
      <h2 className="section-title mb-1">{t('toBeSigned')}</h2>
      <OrderView
        manifests={[{ ...draft.manifest, reason: ask.reason }]}
        rule={draft.rule}
        names={namesOf([ask.target])}
      />
    </section>
  );
}

/** Said aloud as it comes. */
function Progress({ opening }: { opening: Opening }) {
  const [isLong, setIsLong] = useState(false);
  const { step } = opening;
  useEffect(() => {
    setIsLong(false);
    if (step !== 'opening') return;
    // A relay answers in a second; what takes longer has a reason that a person can do something about.
    const timer = setTimeout(() => setIsLong(true), 5_000);
    return () => clearTimeout(timer);
  }, [step]);
  return (
    <p role="status" className="m-0 mt-3 max-w-prose empty:mt-0">
      {step === 'signing' && t('signing')}
      {step === 'opening' && t(isLong ? 'openingLong' : 'opening')}
      {opening.step === 'waits' &&
        t.rich('waits', {
          link: (
            <Link key="link" to="/approvals/$id" params={{ id: opening.order }} target="_blank" className="font-medium">
              {t('waitsLink')}
            </Link>
          ),
        })}
    </p>
  );
}
