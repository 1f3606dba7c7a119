// One's passkeys: made, known by their names, and taken away again.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { PasskeyForm } from '#console/web/src/door/passkey-form.tsx';
import { type Profile, useTakeProfile } from '#console/web/src/door/profile-data.ts';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { agoText, dateOf } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import type { Column } from '#console/web/src/ui/table.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { Part } from './part.tsx';
import { ACTS, Rows } from './rows.tsx';
import { t } from './text.ts';

type Passkey = Profile['passkeys'][number];

export function PasskeysPart({ profile }: { profile: Profile }) {
  const now = useFiveSeconds();
  const [removing, setRemoving] = useState<Passkey>();
  return (
    <Part title={t('passkeys')} note={t('passkeysBody')}>
      {profile.passkeys.length === 0 ? (
        <p className="m-0 mb-3">{t('noPasskeys')}</p>
      ) : (
        <div className="mb-3">
          <Rows
            caption={t('passkeys')}
            columns={columns(now, setRemoving)}
            rows={profile.passkeys}
            rowKey={({ id }) => id}
          />
        </div>
      )}
      <PasskeyForm isSmall={profile.isEnrolled} onMade={() => toast.say(t('passkeyMade'))} />
      {removing !== undefined && <Remove passkey={removing} onClose={() => setRemoving(undefined)} />}
    </Part>
  );
}

const columns = (now: number, onRemove: (passkey: Passkey) => void): Array<Column<Passkey>> => [
  {
    key: 'name',
    title: t('passkey'),
    sortBy: ({ name }) => name,
    cell: ({ name }) => <span className="font-medium wrap-anywhere">{name}</span>,
  },
  { key: 'made', title: t('made'), sortBy: ({ createdAt }) => createdAt, cell: ({ createdAt }) => dateOf(createdAt) },
  {
    key: 'used',
    title: t('lastUsed'),
    sortBy: ({ lastUsedAt }) => lastUsedAt,
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? t('never') : agoText(lastUsedAt, now)),
  },
  { key: 'rp', title: t('works'), cell: ({ rpId }) => rpId },
  {
    key: ACTS,
    title: t('actions'),
    className: 'w-px head-quiet',
    cell: (passkey) => (
      <Button
        isSmall
        icon="trash"
        aria-label={t('removePasskey', { name: passkey.name })}
        onClick={() => onRemove(passkey)}
      >
        {t('remove')}
      </Button>
    ),
  },
];

function Remove({ passkey: { id, name }, onClose }: { passkey: Passkey; onClose: () => void }) {
  const take = useTakeProfile();
  const { isBusy, error, run } = useDeed(
    () => api.profile.removePasskey({ id }),
    (profile) => {
      take(profile);
      toast.say(t('passkeyRemoved', { name }));
      onClose();
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={t('removePasskeyTitle', { name })}
      confirmText={t('remove')}
      isBusy={isBusy}
      error={error}
      onClose={onClose}
      onConfirm={run}
    >
      <p>{t('removePasskeyBody')}</p>
    </ConfirmDialog>
  );
}
