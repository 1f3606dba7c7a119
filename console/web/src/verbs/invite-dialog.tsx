// A one-time link for another browser: made only when asked, shown once.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { timeOrDay } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { ConfirmDialog, Dialog } from '#console/web/src/ui/dialog.tsx';
import { t } from './text.ts';
import type { VerbDialogProps } from './verb-dialog.tsx';

interface Link {
  url: string;
  expiresAt: number;
}

export function InviteDialog({ onClose }: VerbDialogProps) {
  const [link, setLink] = useState<Link>();
  const { isBusy, error, run } = useDeed(() => api.session.createLink(), setLink);
  if (link === undefined)
    return (
      <ConfirmDialog
        isOpen
        title={t('verbInvite')}
        confirmText={t('makeLink')}
        isDanger={false}
        isBusy={isBusy}
        error={error}
        onClose={onClose}
        onConfirm={run}
      >
        <p>{t('inviteAsk')}</p>
      </ConfirmDialog>
    );
  return (
    <Dialog
      isOpen
      title={t('verbInvite')}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t('close')}
        </Button>
      }
    >
      <p>{t('inviteNote', { time: timeOrDay(link.expiresAt, consoleNow()) })}</p>
      <CopyBox label={t('inviteLink')} text={link.url} />
    </Dialog>
  );
}
