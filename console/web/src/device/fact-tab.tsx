// What every view of an inventory shares: waiting, faults, nothing yet, and the age of what is there.
import type { ReactNode } from 'react';
import { UnknownNote } from '#console/web/src/device-windows/unknown-note.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { type DeviceData, type Fact, useFacts } from './device-data.ts';
import { FactSource } from './fact-source.tsx';
import { factOf, unknownIn } from './facts.ts';
import { t } from './text.ts';

interface FactTabProps {
  device: DeviceData;
  /** The fact the view is of, such as "services". */
  kind: string;
  children: (fact: Fact, facts: readonly Fact[]) => ReactNode;
}

export function FactTab({ device, kind, children }: FactTabProps) {
  const read = useFacts(device.id);
  const fact = factOf(read.data, kind);
  if (read.isError && read.data === undefined)
    return <FaultNote what={t('factsFault')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <SkeletonRows label={t('readingFacts')} />;
  if (fact === undefined)
    return <EmptyState title={t('noFact')} body={read.data.length === 0 ? t('noFactYet') : t('noFactOfKind')} />;
  const unknown = unknownIn(fact);
  return (
    <>
      <FactSource fact={fact} device={device} />
      {unknown === undefined ? children(fact, read.data) : <UnknownNote reason={unknown} />}
    </>
  );
}
