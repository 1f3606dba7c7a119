// What is known of an alert, as names and values.

import { integer } from '#console/web/src/text/format.ts';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { Moment } from './incident-head.tsx';
import { foundText, typeText, valueText } from './incident-words.ts';
import type { Alert } from './incidents-data.ts';
import { PlaceLinks } from './place-links.tsx';
import { t } from './text.ts';

export function AlertFacts({ alert }: { alert: Alert }) {
  const { type, check, detail, value, limit, unit, openedAt, resolvedAt, resolvedBy, evidence, count } = alert;
  return (
    <div className="mt-3">
      <p className="mt-0 mb-3 max-w-prose wrap-anywhere">{foundText(detail, alert)}</p>
      <KeyValues>
        <KeyValue name={t('where')}>
          <PlaceLinks place={alert} />
        </KeyValue>
        <KeyValue name={t('check')}>
          <code className="code">{check}</code> <span className="text-muted">{typeText(type)}</span>
        </KeyValue>
        {value !== null && <KeyValue name={t('value')}>{valueText(value, unit)}</KeyValue>}
        {limit !== null && <KeyValue name={t('limit')}>{valueText(limit, unit)}</KeyValue>}
        <KeyValue name={t('began')}>
          <Moment at={openedAt} />
        </KeyValue>
        {resolvedAt !== null && (
          <KeyValue name={t('ended')}>
            <Moment at={resolvedAt} />
            {resolvedBy !== null && <span className="text-muted"> {t('by', { name: resolvedBy })}</span>}
          </KeyValue>
        )}
        {count > 1 && <KeyValue name={t('seen')}>{integer(count)}</KeyValue>}
      </KeyValues>
      {evidence !== null && evidence !== '' && (
        <p className="mt-3 mb-0 max-w-prose wrap-anywhere">
          <span className="text-muted">{t('evidence')}</span> {evidence}
        </p>
      )}
    </div>
  );
}
