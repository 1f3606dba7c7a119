// What a file would change, and the one press that changes it.
import { useState } from 'react';
import { faultText, isMissing } from '#console/web/src/api/fault.ts';
import { integer } from '#console/web/src/text/format.ts';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Progress } from '#console/web/src/ui/progress.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { FaultTable } from './fault-table.tsx';
import { type ImportState, useApply, useImport } from './import-data.ts';
import { PlanChanges } from './plan-changes.tsx';
import { t } from './text.ts';

export function PlanView({ id }: { id: string }) {
  const read = useImport(id);
  if (isMissing(read.error))
    return (
      <EmptyState title={t('planGone')} body={t('planGoneBody')}>
        <LinkButton to="/import" kind="primary">
          {t('anotherFile')}
        </LinkButton>
      </EmptyState>
    );
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('planNotRead')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <SkeletonRows label={t('planReading')} />;
  return (
    <div className="grid gap-3">
      <Counts plan={read.data} />
      <Outcome plan={read.data} />
      {read.data.state === 'faulty' && <FaultTable plan={read.data} />}
      {(read.data.state === 'planned' || read.data.state === 'faulty') && <PlanChanges plan={read.data} />}
    </div>
  );
}

function Counts({ plan: { rows, creates, updates, same, faultCount } }: { plan: ImportState }) {
  const counts = [
    { name: t('rows'), count: rows },
    { name: t('creates'), count: creates },
    { name: t('updates'), count: updates },
    { name: t('same'), count: same },
    { name: t('faults'), count: faultCount, isBad: faultCount > 0 },
  ];
  return (
    <dl className="panel m-0 flex flex-wrap gap-x-8 gap-y-2 p-3">
      {counts.map(({ name, count, isBad = false }) => (
        <div key={name}>
          <dt className="text-xs text-muted">{name}</dt>
          <dd className={`m-0 text-lg font-semibold ${isBad ? 'text-down' : ''}`}>{integer(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the state of the import asks for, or came to. */
function Outcome({ plan }: { plan: ImportState }) {
  switch (plan.state) {
    case 'faulty':
      return <p className="m-0">{t('faulty')}</p>;
    case 'planned':
      return plan.creates + plan.updates + plan.newSites.length === 0 ? (
        <p className="m-0">{t('nothingToDo')}</p>
      ) : (
        <Applying plan={plan} />
      );
    case 'applying':
      return (
        <Progress
          label={t('applying')}
          ratio={plan.rows === 0 ? undefined : plan.done / plan.rows}
          text={t('rowsDone', { done: integer(plan.done), rows: integer(plan.rows) })}
        />
      );
    case 'failed':
      return (
        <p role="alert" className="m-0 text-down">
          {t('failed')} {plan.failure}
        </p>
      );
    case 'done':
      return <Done plan={plan} />;
  }
}

function Applying({ plan }: { plan: ImportState }) {
  const [isAsking, setIsAsking] = useState(false);
  const applying = useApply(plan.id);
  const { creates, updates } = plan;
  const sum = t(plan.kind === 'sites' ? 'willDoSites' : 'willDo', {
    creates: integer(creates),
    updates: integer(updates),
  });
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button kind="primary" onClick={() => setIsAsking(true)}>
        {t('apply')}
      </Button>
      <span className="text-muted">{sum}</span>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('applyTitle')}
        confirmText={t('apply')}
        isDanger={false}
        isBusy={applying.isPending}
        error={applying.error === null ? '' : faultText(applying.error)}
        onClose={() => setIsAsking(false)}
        onConfirm={() => applying.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
      >
        <p>{sum}</p>
        <p className="text-muted">{t('allOrNothing')}</p>
      </ConfirmDialog>
    </div>
  );
}

function Done({ plan }: { plan: ImportState }) {
  const { creates, updates, kind } = plan;
  return (
    <div className="panel grid justify-items-start gap-3 p-4">
      <p role="status" className="m-0 font-medium">
        {t('done', { creates: integer(creates), updates: integer(updates) })}
      </p>
      <div className="flex flex-wrap gap-2">
        {kind === 'devices' ? (
          <LinkButton to="/fleet" kind="primary">
            {t('toFleet')}
          </LinkButton>
        ) : (
          <LinkButton to="/sites" kind="primary">
            {t('toSites')}
          </LinkButton>
        )}
        {kind === 'devices' && plan.newSites.length > 0 && <LinkButton to="/sites">{t('toSites')}</LinkButton>}
      </div>
    </div>
  );
}
