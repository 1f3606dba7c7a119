// The storage at a glance: bytes, room, what a value takes, the newest backup, and damaged days.
import type { ReactNode } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { quantityText } from '#console/web/src/text/format.ts';
import { agoText, dateOf, fullTime } from '#console/web/src/text/time.ts';
import type { StorageData } from './storage-data.ts';
import { t } from './text.ts';
import { DAY_MS, decimals } from './words.ts';

export function StorageNumbers({ storage }: { storage: StorageData }) {
  const { tiers, controlBytes, freeBytes, totalBytes, bytesPerSample, damaged } = storage;
  const metricBytes = tiers.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <div>
      <dl className="storage-numbers">
        <One name={t('metricBytes')}>{quantityText(metricBytes, 'bytes')}</One>
        <One name={t('controlBytes')} note={t('controlNote')}>
          {quantityText(controlBytes, 'bytes')}
        </One>
        <One name={t('free')} note={t('freeOf', { total: quantityText(totalBytes, 'bytes') })}>
          {quantityText(freeBytes, 'bytes')}
        </One>
        <One name={t('perSample')} note={bytesPerSample === null ? t('perSampleNone') : ''}>
          {bytesPerSample === null ? '–' : t('perSampleUnit', { bytes: decimals(bytesPerSample, 2) })}
        </One>
        <Backup backup={storage.backup} />
      </dl>
      {damaged.length > 0 && (
        <p role="alert" className="storage-warning mt-3 mb-0">
          <strong className="font-medium">{t('damaged', { count: damaged.length })}.</strong>{' '}
          {t('damagedBody', {
            days: damaged.map(({ day, tier }) => `${dateOf(day * DAY_MS)} (${t(`tier_${tier}`)})`).join(', '),
          })}
        </p>
      )}
    </div>
  );
}

function Backup({ backup: { folder, newest } }: Pick<StorageData, 'backup'>) {
  const now = useFiveSeconds();
  if (newest === null)
    return (
      <One name={t('backup')} note={folder === null ? t('noBackupFolder') : folder}>
        {t('noBackup')}
      </One>
    );
  return (
    <One name={t('backup')} note={`${newest.name}, ${quantityText(newest.bytes, 'bytes')}`}>
      <time dateTime={new Date(newest.at).toISOString()} title={fullTime(newest.at)}>
        {agoText(newest.at, now)}
      </time>
    </One>
  );
}

function One({ name, note = '', children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <div className="storage-number">
      <dt>{name}</dt>
      <dd>
        {children}
        <span className="storage-note" title={note}>
          {note}
        </span>
      </dd>
    </div>
  );
}
