// Forgetting devices: says what goes with them; of several the number is typed first.
import { api } from '#console/web/src/api/api.ts';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { t } from './text.ts';
import { useVerbRun } from './use-verb-run.ts';
import type { VerbDialogProps } from './verb-dialog.tsx';
import { titleFor } from './verb-title.ts';

/** As many as the operation takes at once. */
const MAX_AT_ONCE = 1_000;

async function forget(ids: readonly string[]): Promise<string> {
  let removed = 0;
  for (let from = 0; from < ids.length; from += MAX_AT_ONCE) {
    const part = await api.devices.removeMany({ devices: ids.slice(from, from + MAX_AT_ONCE) });
    removed += part.removed;
  }
  return t('forgotten', { count: removed });
}

export function ForgetDialog(props: VerbDialogProps) {
  const { devices } = props.asked;
  const { isBusy, error, run } = useVerbRun(props);
  const isOne = devices.ids.length === 1 && devices.name !== undefined;
  return (
    <ConfirmDialog
      isOpen
      title={titleFor('devices.removeMany', devices)}
      confirmText={t('forget')}
      {...(devices.ids.length > 1 && { word: String(devices.ids.length) })}
      isBusy={isBusy}
      error={error}
      onClose={props.onClose}
      onConfirm={() => run(() => forget(devices.ids))}
    >
      <p>{isOne ? t.rich('forgetOne', { device: <strong>{devices.name}</strong> }) : t('forgetMany')}</p>
    </ConfirmDialog>
  );
}
