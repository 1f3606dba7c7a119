// What came of an order on its devices: so many of each kind, each kind to be looked at alone, and a line for each device.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ActionSheet } from '#console/web/src/device/action-sheet.tsx';
import { stateText } from '#console/web/src/happening/words.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import type { ActionOutcome } from '#shared/contract/action-contract.ts';
import { kindCounts, OUTCOME_KINDS, type OutcomeKind, outcomeKind } from '#shared/model/outcome-kind.ts';
import { AttemptLines } from './attempt-lines.tsx';
import { t } from './text.ts';

export interface Outcome extends ActionOutcome {
  /** The manifest it is of. */
  action: string;
}

/** From so many on a browser lays out only the lines that are in sight. */
const MANY = 60;

interface OutcomesProps {
  outcomes: readonly Outcome[];
  only: OutcomeKind | undefined;
  onOnly: (kind: OutcomeKind | undefined) => void;
}

export function OrderOutcomes({ outcomes, only, onOnly }: OutcomesProps) {
  const [shown, setShown] = useState<Outcome>();
  const lines = only === undefined ? outcomes : outcomes.filter((one) => outcomeKind(one) === only);
  return (
    <>
      <Kinds outcomes={outcomes} only={only} onOnly={onOnly} />
      <ul className={`plain-list mb-4 ${lines.length > MANY ? 'plain-list-many' : ''}`}>
        {lines.map((outcome) => (
          <OutcomeLine
            key={`${outcome.action} ${outcome.deviceId}`}
            outcome={outcome}
            onShow={() => setShown(outcome)}
          />
        ))}
      </ul>
      <ActionSheet action={shown?.action} device={shown?.deviceId ?? ''} onClose={() => setShown(undefined)} />
    </>
  );
}

/** One device needs no table; of several each kind that there is, and all of them. */
function Kinds({ outcomes, only, onOnly }: OutcomesProps) {
  if (outcomes.length < 2) return null;
  const counts = kindCounts(outcomes);
  const kinds = OUTCOME_KINDS.filter((kind) => counts[kind] > 0 || kind === only);
  return (
    <fieldset className="m-0 mb-3 flex flex-wrap gap-2 border-0 p-0">
      <legend className="sr-only">{t('shownKinds')}</legend>
      <Button isSmall kind="quiet" aria-pressed={only === undefined} onClick={() => onOnly(undefined)}>
        {t('kind_all', { count: outcomes.length })}
      </Button>
      {kinds.map((kind) => (
        <Button key={kind} isSmall kind="quiet" aria-pressed={only === kind} onClick={() => onOnly(kind)}>
          <Icon name={LOOKS[kind].icon} className={LOOKS[kind].tone} />
          {t(`kind_${kind}`, { count: counts[kind] })}
        </Button>
      ))}
    </fieldset>
  );
}

interface Look {
  icon: IconName;
  tone: string;
}

const LOOKS: Readonly<Record<OutcomeKind, Look>> = {
  open: { icon: 'clock', tone: 'text-muted' },
  ok: { icon: 'check', tone: 'text-up' },
  failed: { icon: 'warning', tone: 'text-down' },
  unreachable: { icon: 'warning', tone: 'text-down' },
  skipped: { icon: 'warning', tone: 'text-down' },
  unknown: { icon: 'warning', tone: 'text-down' },
};

function OutcomeLine({ outcome, onShow }: { outcome: ActionOutcome; onShow: () => void }) {
  const kind = outcomeKind(outcome);
  const { icon, tone } = LOOKS[kind];
  const line = (outcome.stdout ?? outcome.detail ?? '').split('\n')[0] ?? '';
  return (
    <li className="order-card" data-state={outcome.state} data-kind={kind}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Icon name={icon} className={tone} />
        <Link to="/devices/$id" params={{ id: outcome.deviceId }} className="quiet-link font-medium">
          {outcome.deviceName}
        </Link>
        <span className={tone}>
          {stateText(outcome.state)}
          {outcome.exitCode !== null && `, ${t('exitCode', { code: outcome.exitCode })}`}
        </span>
        {kind !== 'open' && (
          <span className="ml-auto">
            <Button isSmall kind="quiet" onClick={onShow}>
              {t('output')}
            </Button>
          </span>
        )}
      </div>
      {line !== '' && <p className="mt-1 mb-0 font-mono text-xs text-muted wrap-anywhere">{line.slice(0, 200)}</p>}
      <AttemptLines attempts={outcome.attempts} isWaiting={outcome.state === 'waiting'} />
    </li>
  );
}
