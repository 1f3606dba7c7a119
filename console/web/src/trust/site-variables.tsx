// The sealed variables of a site on its page: who set which, when it ends, which relays hold it; set, replaced, deleted by a tap.
import { lazy, Suspense, useState } from 'react';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { useCharters } from '#console/web/src/signing/trust-data.ts';
import { agoText } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import { LoginEnd } from './login-marks.tsx';
import { t } from './text.ts';
import { nameOfKey } from './trust-people.ts';
import { isShown, type Variable, type VariableState, variableState } from './variable-rows.ts';
import { useVariables } from './variables-data.ts';

const LOOKS: Readonly<Record<VariableState, { icon: IconName; tone: string }>> = {
  open: { icon: 'check', tone: 'text-up' },
  waiting: { icon: 'clock', tone: 'text-changed' },
  reseal: { icon: 'warning', tone: 'text-down' },
  deleting: { icon: 'clock', tone: 'text-muted' },
};

// What seals and signs comes when somebody sets or deletes one.
const dialogs = () => import('./variable-dialogs.tsx');
const SetVariableDialog = lazy(async () => ({ default: (await dialogs()).SetVariableDialog }));
const DeleteVariableDialog = lazy(async () => ({ default: (await dialogs()).DeleteVariableDialog }));

type Open = { act: 'set'; name: string } | { act: 'delete'; variable: Variable };

export function SiteVariables({ site }: { site: { id: string; name: string } }) {
  const read = useVariables(site.id);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const items = read.data?.filter(isShown) ?? [];
  return (
    <section className="panel p-3" aria-label={t('variables')}>
      <div className="mb-1 flex flex-wrap items-center justify-between gap-2">
        <h2 className="section-title mb-0">{t('variables')}</h2>
        <Button icon="lock" isSmall needs="variable.write" onClick={() => setOpen({ act: 'set', name: '' })}>
          {t('setVariable')}
        </Button>
      </div>
      <p className="m-0 mb-2 max-w-prose text-muted">{t('variablesHint')}</p>
      {read.isError && (
        <FaultNote what={t('variablesNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {items.length > 0 && (
        <ul className="m-0 grid list-none gap-2 p-0" aria-label={t('variables')}>
          {items.map((variable) => (
            <li key={variable.name} className="panel p-2">
              <OneVariable variable={variable} onAct={setOpen} />
            </li>
          ))}
        </ul>
      )}
      <Suspense fallback={null}>
        {open?.act === 'set' && (
          <SetVariableDialog site={site} name={open.name} items={read.data ?? []} onClose={close} />
        )}
        {open?.act === 'delete' && <DeleteVariableDialog variable={open.variable} onClose={close} />}
      </Suspense>
    </section>
  );
}

function OneVariable({ variable, onAct }: { variable: Variable; onAct: (open: Open) => void }) {
  const now = useFiveSeconds();
  const [charter] = useCharters([variable.siteId]);
  const { name, issuedAt, signer, notAfter, isDeleted } = variable;
  const who = nameOfKey(signer, charter);
  return (
    <div className="flex flex-wrap items-start justify-between gap-2">
      <div className="grid min-w-0 gap-0.5">
        <span className="font-mono font-medium wrap-anywhere">{name}</span>
        <VariableMark variable={variable} />
        <span className="text-xs text-muted">
          {t(isDeleted ? 'deletedBy' : 'setBy', { who, ago: agoText(issuedAt, now) })}
        </span>
        {!isDeleted && (
          <span className="text-xs text-muted">
            {t('ends')}: <LoginEnd notAfter={notAfter} now={now} />
          </span>
        )}
      </div>
      {!isDeleted && (
        <div className="flex flex-wrap gap-2">
          <Button
            isSmall
            needs="variable.write"
            onClick={() => onAct({ act: 'set', name })}
            aria-label={t('replaceOf', { name })}
          >
            {t('replace')}
          </Button>
          <Button
            isSmall
            icon="trash"
            needs="variable.write"
            onClick={() => onAct({ act: 'delete', variable })}
            aria-label={t('deleteOf', { name })}
          >
            {t('delete')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** In words: how many relays hold it, and which do not. */
function VariableMark({ variable }: { variable: Variable }) {
  const names = new Map(useRelays().data?.map(({ id, name }) => [id, name]));
  const state = variableState(variable);
  const { icon, tone } = LOOKS[state];
  const missing = variable.relays
    .filter((one) => one.state !== (variable.isDeleted ? 'deleted' : 'open'))
    .map(({ relayId }) => names.get(relayId) ?? relayId)
    .join(', ');
  const text = t(`variable_${state}`, { count: variable.relays.length, missing });
  return (
    <span className={`inline-flex items-center gap-1.5 ${tone}`}>
      <Icon name={icon} className="size-3.5" />
      <span className={state === 'open' ? 'text-muted' : 'font-medium wrap-anywhere'}>{text}</span>
    </span>
  );
}
