// What one can do with a device: run something on it, edit how it is reached, copy its id, forget it.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Menu } from '#console/web/src/ui/menu.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import type { DeviceData } from './device-data.ts';
import { ForgetDialog } from './forget-dialog.tsx';
import { t } from './text.ts';

export function DeviceMenu({ device, onEdit }: { device: DeviceData; onEdit: () => void }) {
  const [isForgetting, setIsForgetting] = useState(false);
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
  const run = () => void navigate({ to: '/orders/new', search: { devices: device.id } });
  const openTerminal = () => void navigate({ to: '/devices/$id/terminal', params: { id: device.id } });
  const explain = () => void navigate({ to: '/policies/devices/$id', params: { id: device.id } });
  return (
    <>
      <Menu
        isAtEnd
        button={{ text: t('actions') }}
        items={[
          { key: 'run', text: t('runCommand'), icon: 'play', needs: 'action.submit', onSelect: run },
          // Others have no shell that a relay opens.
          ...(device.transport === 'ssh'
            ? [{ key: 'terminal', text: t('openTerminal'), needs: 'action.attach', onSelect: openTerminal }]
            : []),
          { key: 'edit', text: t('edit'), icon: 'edit', needs: 'device.write', onSelect: onEdit },
          { key: 'watched', text: t('watchedBy'), needs: 'policy.read', onSelect: explain },
          { key: 'copy', text: t('copyId'), icon: 'copy', onSelect: () => void copy() },
          {
            key: 'forget',
            text: t('forget'),
            icon: 'trash',
            needs: 'device.remove',
            isDanger: true,
            isFirstOfGroup: true,
            onSelect: () => setIsForgetting(true),
          },
        ]}
      />
      {isForgetting && <ForgetDialog device={device} onClose={() => setIsForgetting(false)} />}
    </>
  );
}
