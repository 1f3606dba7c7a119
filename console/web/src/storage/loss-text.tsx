// What a change of the retention removes, in words.
import { quantityText } from '#console/web/src/text/format.ts';
import type { Loss } from './retention-loss.ts';
import { t } from './text.ts';

export function LossText({ loss: { rawDays, totalDays, bytes }, customer }: { loss: Loss; customer: string }) {
  return (
    <>
      {rawDays > 0 && <p>{t('losesRaw', { customer, days: rawDays })}</p>}
      {totalDays > 0 && <p>{t('losesTotals', { customer, days: totalDays })}</p>}
      <p>
        {t('losesBytes', { bytes: quantityText(bytes, 'bytes') })} {t('losesWhen')}
      </p>
    </>
  );
}
