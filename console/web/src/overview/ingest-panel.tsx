// Whether what relays poll arrives here, in words: how much, how late, what waits, what is missing.
import type { ReactNode } from 'react';
import { integer, quantityText } from '#console/web/src/text/format.ts';
import type { OverviewData } from './overview-data.ts';
import { Panel } from './panel.tsx';
import { t } from './text.ts';

type Ingest = OverviewData['ingest'];

/** A live batch is stored within a second or two; beyond this, what one sees is not what is. */
const LATE_MS = 5_000;
/** More than all relays together hold while they are well. */
const WAITING_FROM = 100;

/** The one sentence that counts most. */
function verdict({ lagMs, backlog, lost }: Ingest): { text: string; isWell: boolean } {
  if (lost > 0) return { text: t('ingestLost'), isWell: false };
  if (backlog >= WAITING_FROM) return { text: t('ingestWaiting'), isWell: false };
  if (lagMs === null) return { text: t('ingestSilent'), isWell: true };
  return lagMs > LATE_MS ? { text: t('ingestLate'), isWell: false } : { text: t('ingestWell'), isWell: true };
}

const lagText = (ms: number): string =>
  ms < 1_000 ? t('milliseconds', { count: Math.round(ms) }) : t('seconds', { count: Math.round(ms / 100) / 10 });

export function IngestPanel({ ingest }: { ingest: Ingest }) {
  const { text, isWell } = verdict(ingest);
  return (
    <Panel title={t('ingest')} aside={<span className={isWell ? '' : 'text-changed'}>{text}</span>}>
      <dl className="ingest">
        <Figure name={t('samples')}>{quantityText(ingest.samplesPerSecond, '1/s')}</Figure>
        <Figure name={t('lag')} isOff={(ingest.lagMs ?? 0) > LATE_MS}>
          {ingest.lagMs === null ? t('noLag') : lagText(ingest.lagMs)}
        </Figure>
        <Figure name={t('backlog')} isOff={ingest.backlog >= WAITING_FROM}>
          {t('batches', { count: ingest.backlog })}
        </Figure>
        <Figure name={t('lost')} isOff={ingest.lost > 0}>
          {ingest.lost === 0 ? t('nothingLost') : t('batches', { count: ingest.lost })}
        </Figure>
        <Figure name={t('quarantined')} isOff={ingest.quarantined > 0}>
          {ingest.quarantined === 0 ? t('nothing') : t('records', { count: ingest.quarantined })}
        </Figure>
        <Figure name={t('viewers')}>{integer(ingest.viewers)}</Figure>
      </dl>
    </Panel>
  );
}

function Figure({ name, isOff = false, children }: { name: string; isOff?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={isOff ? 'text-changed' : ''}>{children}</dd>
    </div>
  );
}
