// What a person can do with one relay: rename it, put another machine in its place, let it in again, revoke it.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import type { RelayRow } from '#console/web/src/fleet/relays.ts';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { ConfirmDialog, Dialog } from '#console/web/src/ui/dialog.tsx';
import { RowMenu } from '#console/web/src/ui/row-menu.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { ReplaceDialog } from './enrol-dialog.tsx';
import { t } from './text.ts';

type Open = 'rename' | 'replace' | 'release' | 'revoke' | undefined;

export function RelayMenu({ relay }: { relay: RelayRow }) {
  const [open, setOpen] = useState<Open>(undefined);
  const close = () => setOpen(undefined);
  return (
    <>
      <RowMenu
        label={t('actions', { relay: relay.name, site: relay.siteName })}
        items={[
          { key: 'rename', text: t('rename'), icon: 'edit', needs: 'relay.write', onSelect: () => setOpen('rename') },
          {
            key: 'replace',
            text: t('replace'),
            icon: 'refresh',
            needs: 'relay.enrol',
            onSelect: () => setOpen('replace'),
          },
          ...(relay.isFenced
            ? [
                {
                  key: 'release',
                  text: t('release'),
                  icon: 'link' as const,
                  needs: 'relay.release',
                  onSelect: () => setOpen('release'),
                },
              ]
            : []),
          {
            key: 'revoke',
            text: t('revoke'),
            icon: 'lock',
            needs: 'relay.revoke',
            isDanger: true,
            isFirstOfGroup: true,
            onSelect: () => setOpen('revoke'),
          },
        ]}
      />
      {open === 'rename' && <RenameDialog relay={relay} onClose={close} />}
      {open === 'replace' && <ReplaceDialog relay={relay} onClose={close} />}
      {open === 'release' && <ReleaseDialog relay={relay} onClose={close} />}
      {open === 'revoke' && <RevokeDialog relay={relay} onClose={close} />}
    </>
  );
}

interface OfRelay {
  relay: RelayRow;
  onClose: () => void;
}

/** A deed on the relay; the list is read again before anybody is told. */
function useAct(act: () => Promise<unknown>, onDone: () => void) {
  const queries = useQueryClient();
  return useDeed(act, async () => {
    await queries.invalidateQueries({ queryKey: ['relays'] });
    onDone();
  });
}

function RenameDialog({ relay, onClose }: OfRelay) {
  const [name, setName] = useState(relay.name);
  const { isBusy, error, run } = useAct(
    () => api.relays.rename({ id: relay.id, name }),
    () => {
      onClose();
      toast.say(t('renamed', { name }));
    },
  );
  return (
    <Dialog
      isOpen
      size="small"
      title={t('renameTitle', { relay: relay.name })}
      onClose={onClose}
      onSubmit={run}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('save')} isBusy={isBusy} isIdle={name.trim() === ''} onClose={onClose} />}
    >
      <TextField label={t('name')} value={name} onText={setName} maxLength={253} error={error} required />
    </Dialog>
  );
}

function ReleaseDialog({ relay, onClose }: OfRelay) {
  const { isBusy, error, run } = useAct(
    () => api.relays.release({ id: relay.id }),
    () => {
      onClose();
      toast.say(t('released', { relay: relay.name }));
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={t('releaseTitle', { relay: relay.name })}
      onClose={onClose}
      onConfirm={run}
      confirmText={t('release')}
      isBusy={isBusy}
      error={error}
    >
      <p>{t('releaseBody')}</p>
    </ConfirmDialog>
  );
}

function RevokeDialog({ relay, onClose }: OfRelay) {
  const { isBusy, error, run } = useAct(
    () => api.relays.revoke({ id: relay.id }),
    () => {
      onClose();
      toast.say(t('revoked', { relay: relay.name }));
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={t('revokeTitle', { relay: relay.name })}
      onClose={onClose}
      onConfirm={run}
      confirmText={t('revokeWord')}
      word={relay.name}
      isBusy={isBusy}
      error={error}
    >
      <p>{t('revokeBody')}</p>
    </ConfirmDialog>
  );
}
