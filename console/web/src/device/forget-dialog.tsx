// Forgetting a device: says what goes and what stays, and wants its name typed.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '#console/web/src/api/api.ts';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import type { DeviceData } from './device-data.ts';
import { t } from './text.ts';

/** A name may be 253 letters of anything; nobody types more than this. */
const TYPED = 40;

/** Runs of spaces look like one, and would be typed as one. */
export const wordOf = (name: string): string => name.replaceAll(/\s+/g, ' ').slice(0, TYPED).trim();

export function ForgetDialog({ device, onClose }: { device: DeviceData; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { isBusy, error, run } = useDeed(
    () => api.devices.remove({ id: device.id }),
    async () => {
      toast.say(t('forgotten', { name: wordOf(device.name) }));
      await navigate({ to: '/fleet' });
      queries.removeQueries({ queryKey: ['device', device.id] });
      void queries.invalidateQueries({ queryKey: ['fleet'] });
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={t('forgetTitle')}
      confirmText={t('forget')}
      word={wordOf(device.name)}
      isBusy={isBusy}
      error={error}
      onClose={onClose}
      onConfirm={run}
    >
      <p className="m-0 wrap-anywhere">{t.rich('forgetWhich', { device: <strong>{device.name}</strong> })}</p>
      <ul className="m-0 grid list-disc gap-1 pl-5">
        <li>{t('forgetGoes')}</li>
        <li>{t('forgetStays')}</li>
        <li>{t('forgetMachine')}</li>
      </ul>
    </ConfirmDialog>
  );
}
