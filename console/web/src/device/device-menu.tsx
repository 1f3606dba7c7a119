// What one can do with a device: run something on it, edit how it is reached, copy its id, forget it.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Menu } from '#console/web/src/ui/menu.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import type { DeviceData } from './device-data.ts';
import { EditDialog } from './edit-dialog.tsx';
import { ForgetDialog } from './forget-dialog.tsx';
import { t } from './text.ts';
import type { Update } from './use-update.ts';

export function DeviceMenu({ device, update }: { device: DeviceData; update: Update }) {
  const [open, setOpen] = useState<'edit' | 'forget'>();
  const navigate = useNavigate();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(device.id);
      toast.say(t('idCopied'));
    } catch {
      // Without HTTPS a browser lends no clipboard.
      toast.say(t('idIs', { id: device.id }));
    }
  };
  const close = () => setOpen(undefined);
  const run = () => void navigate({ to: '/orders/new', search: { devices: device.id } });
  return (
    <>
      <Menu
        isAtEnd
        button={{ text: t('actions') }}
        items={[
          { key: 'run', text: t('runCommand'), icon: 'play', needs: 'action.submit', onSelect: run },
          { key: 'edit', text: t('edit'), icon: 'edit', needs: 'device.write', onSelect: () => setOpen('edit') },
          { key: 'copy', text: t('copyId'), icon: 'copy', onSelect: () => void copy() },
          {
            key: 'forget',
            text: t('forget'),
            icon: 'trash',
            needs: 'device.remove',
            isDanger: true,
            isFirstOfGroup: true,
            onSelect: () => setOpen('forget'),
          },
        ]}
      />
      {open === 'edit' && <EditDialog device={device} update={update} onClose={close} />}
      {open === 'forget' && <ForgetDialog device={device} onClose={close} />}
    </>
  );
}
