// Forgets the selected devices, once their number is typed: what goes with them is said before.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import { integer } from '#console/web/src/text/format.ts';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { fleet } from './fleet.ts';
import { t } from './text.ts';

/** As many as the console forgets in one step. */
const STEP = 1_000;
/** Names enough to see whether one means these. */
const NAMED = 5;

interface ForgetProps {
  ids: readonly string[];
  /** Selected, but not in sight. */
  hidden: number;
  onClose: () => void;
}

export function ForgetDialog({ ids, hidden, onClose }: ForgetProps) {
  const forget = useForget(ids, onClose);
  const names = ids.slice(0, NAMED).map((id) => fleet.rows.name[fleet.rowOf(id) ?? -1] ?? id);
  return (
    <ConfirmDialog
      isOpen
      title={t('forgetTitle', { count: ids.length })}
      confirmText={t('forget')}
      word={String(ids.length)}
      isBusy={forget.isPending}
      error={forget.isError ? `${t('forgetFault')} ${faultText(forget.error)}` : ''}
      onConfirm={() => forget.mutate()}
      onClose={onClose}
    >
      <p className="font-medium break-words">
        {names.join(', ')}
        {ids.length > NAMED && ` ${t('forgetSome', { count: ids.length - NAMED })}`}
      </p>
      {hidden > 0 && <p className="text-changed">{t('forgetHidden', { count: hidden })}</p>}
      <p className="text-muted">{t('forgetBody')}</p>
    </ConfirmDialog>
  );
}

function useForget(ids: readonly string[], onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      let removed = 0;
      for (let at = 0; at < ids.length; at += STEP)
        try {
          removed += (await api.devices.removeMany({ devices: ids.slice(at, at + STEP) })).removed;
        } catch (error) {
          if (removed > 0) toast.fault(error, t('forgetPart', { part: integer(removed), count: ids.length }));
          throw error;
        }
      return removed;
    },
    onSuccess: (count) => {
      toast.say(t('forgetDone', { count }));
      onDone();
    },
    // Those that are gone leave the list and the selection by the next read.
    onSettled: () => void queries.invalidateQueries({ queryKey: ['fleet'] }),
  });
}
