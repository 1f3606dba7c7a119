// What a device is made of, its system, who it is to the relay, and every fact that has no view of its own.
import type { ReactNode } from 'react';
import { WindowsFacts } from '#console/web/src/device-windows/fact-sections.tsx';
import { isWindowsKind } from '#console/web/src/device-windows/fact-specs.ts';
import { UnknownNote } from '#console/web/src/device-windows/unknown-note.tsx';
import { dateOf } from '#console/web/src/text/time.ts';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { type DeviceData, type Fact, useFacts } from './device-data.ts';
import { FactSource } from './fact-source.tsx';
import { FactTab } from './fact-tab.tsx';
import { FactValue } from './fact-value.tsx';
import { factOf, unknownIn } from './facts.ts';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';

/** Kinds that another view shows. */
const ELSEWHERE = ['hardware', 'os', 'services', 'disks', 'network', 'ports', 'packages', 'users'];

export function HardwareTab({ device }: TabProps) {
  const facts = useFacts(device.id).data;
  const os = factOf(facts, 'os');
  const others = facts?.filter(({ kind }) => !ELSEWHERE.includes(kind) && !isWindowsKind(kind)) ?? [];
  return (
    <div className="grid gap-3">
      <Part title={t('hardware')}>
        <FactTab device={device} kind="hardware">
          {(fact) => <FactValue value={fact.body} />}
        </FactTab>
      </Part>
      {os !== undefined && <FactPart title={t('system')} fact={os} device={device} />}
      <WindowsFacts device={device} view="hardware" />
      <Part title={t('identity')}>
        <Identity device={device} />
      </Part>
      {others.map((fact) => (
        <FactPart key={fact.kind} title={fact.kind} fact={fact} device={device} />
      ))}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="panel min-w-0 p-3">
      <h2 className="section-title mb-1 wrap-anywhere">{title}</h2>
      {children}
    </section>
  );
}

function FactPart({ title, fact, device }: { title: string; fact: Fact; device: DeviceData }) {
  const unknown = unknownIn(fact);
  return (
    <Part title={title}>
      <FactSource fact={fact} device={device} />
      {unknown === undefined ? <FactValue value={fact.body} /> : <UnknownNote reason={unknown} />}
    </Part>
  );
}

function Identity({ device }: { device: DeviceData }) {
  const { identity, seenIdentity } = device;
  return (
    <>
      <p className="device-source">{t('identityHint')}</p>
      {identity === null ? <p className="m-0 text-muted">{t('notPinned')}</p> : <FactValue value={identity} />}
      {seenIdentity !== null && (
        <div className="mt-3">
          <h3 className="m-0 mb-1 text-xs font-medium text-changed">{t('seenIdentity')}</h3>
          <FactValue value={seenIdentity} />
        </div>
      )}
      <div className="mt-3">
        <KeyValues>
          <KeyValue name={t('addedAt')}>{dateOf(device.createdAt)}</KeyValue>
          <KeyValue name={t('deviceId')}>
            <code className="text-xs">{device.id}</code>
          </KeyValue>
        </KeyValues>
      </div>
    </>
  );
}
