// Ends a standing order: one signature of anybody whom the charter names, because stopping is easy.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { rmm } from '#console/web/src/signing/command-text.ts';
import { SignDialog } from '#console/web/src/trust/sign-dialog.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { StandingOrder } from '#shared/model/standing-order.ts';
import { draftWithdrawal, withdrawalText } from '#shared/seal/standing-draft.ts';
import { STANDING } from './standing-data.ts';
import { t } from './text.ts';

export function WithdrawDialog({ order, onClose }: { order: StandingOrder; onClose: () => void }) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const name = inert(order.name);
  const make = async () => {
    const text = withdrawalText(draftWithdrawal(order, reason, Date.now()));
    return {
      text,
      finish: async (signature: Parameters<typeof exactApi.standing.put>[0]['signed']['signatures'][number]) => {
        const { told } = await exactApi.standing.put({ signed: { text, signatures: [signature] } });
        toast.say(t(told ? 'withdrawn' : 'withdrawnLater', { name }));
        await queries.invalidateQueries({ queryKey: STANDING });
      },
    };
  };
  return (
    <SignDialog
      title={t('withdrawTitle', { name })}
      siteId={order.site}
      maySign={() => true}
      verb={t('withdraw')}
      isDanger
      command={rmm('standing', 'withdraw', order.id, '--reason', reason)}
      make={make}
      onClose={onClose}
    >
      <p className="m-0 mb-3 max-w-prose">{t('withdrawBody')}</p>
      <TextField label={t('reason')} hint={t('reasonHint')} value={reason} maxLength={500} onText={setReason} />
    </SignDialog>
  );
}
