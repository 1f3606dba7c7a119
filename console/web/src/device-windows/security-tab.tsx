// How a machine is guarded: its checks with their evidence, what its software breaks, and what the checks rest on.
import type { ReactNode } from 'react';
import { type DeviceData, useFacts } from '#console/web/src/device/device-data.ts';
import { factOf } from '#console/web/src/device/facts.ts';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { ChecksPart } from './checks-part.tsx';
import { WindowsFacts } from './fact-sections.tsx';
import { t } from './text.ts';

const PARTS = [
  ['security-scan', 'scan'],
  ['smb-posture', 'posture'],
  ['software-audit', 'audit'],
] as const;

export function SecurityTab({ device }: { device: DeviceData }): ReactNode {
  const read = useFacts(device.id);
  if (read.isError && read.data === undefined)
    return <FaultNote what={t('scan')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <SkeletonRows label={t('scan')} />;
  const parts = PARTS.flatMap(([kind, title]) => {
    const fact = factOf(read.data, kind);
    return fact === undefined ? [] : [{ kind, title, fact }];
  });
  return (
    <>
      {parts.length === 0 && <EmptyState title={t('noScan')} body={t('noScanBody')} />}
      <div className="grid gap-3">
        {parts.map(({ kind, title, fact }) => (
          <ChecksPart key={kind} title={t(title)} fact={fact} device={device} hasScore={kind === 'security-scan'} />
        ))}
      </div>
      <WindowsFacts device={device} view="security" />
    </>
  );
}
