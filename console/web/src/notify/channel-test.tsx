// Asks where a test shall go, for channels of which every message has a place.
import { useState } from 'react';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import type { Channel, ChannelKind } from './notify-data.ts';
import { t } from './text.ts';

interface TestProps {
  channel: Channel;
  place: ChannelKind['to'];
  isBusy: boolean;
  onTest: (to: string) => void;
  onClose: () => void;
}

export function ChannelTest({ channel: { name }, place, isBusy, onTest, onClose }: TestProps) {
  const [to, setTo] = useState('');
  return (
    <Dialog
      isOpen
      size="small"
      title={t('testOf', { name })}
      onClose={onClose}
      onSubmit={() => onTest(to.trim())}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('test')} isBusy={isBusy} isIdle={to.trim() === ''} onClose={onClose} />}
    >
      <TextField
        label={place?.label ?? t('target')}
        placeholder={place?.example}
        value={to}
        maxLength={320}
        autoCapitalize="off"
        onText={setTo}
      />
    </Dialog>
  );
}
