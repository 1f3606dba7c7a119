// What changed on the device in the day before, and what was ordered on it since: where causes are looked for first.
import { useState } from 'react';
import { ActionSheet } from '#console/web/src/device/action-sheet.tsx';
import { keyOf } from '#console/web/src/device/timeline.ts';
import { TimelineLine } from '#console/web/src/device/timeline-line.tsx';
import '#console/web/src/device/device.css';
import type { IncidentDetail } from './incidents-data.ts';
import { t } from './text.ts';

interface BeforeProps {
  items: IncidentDetail['before'];
  deviceId: string | null;
}

export function BeforePart({ items, deviceId }: BeforeProps) {
  const [action, setAction] = useState<string>();
  return (
    <section className="panel px-3 py-2">
      <h2 className="section-title mb-1">{t('before')}</h2>
      <ol className="m-0 list-none p-0">
        {items.map((item) => (
          <TimelineLine key={keyOf(item)} item={item} onAction={setAction} />
        ))}
      </ol>
      {deviceId !== null && <ActionSheet action={action} device={deviceId} onClose={() => setAction(undefined)} />}
    </section>
  );
}
