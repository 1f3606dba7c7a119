// Password, authenticator app and recovery codes: how each stands, and what changes it.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { PasswordForm } from '#console/web/src/door/password-form.tsx';
import { type Profile, useTakeProfile } from '#console/web/src/door/profile-data.ts';
import { RecoveryCodes } from '#console/web/src/door/recovery-codes.tsx';
import { TotpForm } from '#console/web/src/door/totp-form.tsx';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog, Dialog } from '#console/web/src/ui/dialog.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { Part } from './part.tsx';
import { t } from './text.ts';

type Open = 'password' | 'app' | 'remove-app' | 'ask-codes' | 'codes';

interface FactorsProps {
  profile: Profile;
}

export function FactorsPart({ profile }: FactorsProps) {
  const [open, setOpen] = useState<Open>();
  return (
    <>
      <PasswordPart profile={profile} onOpen={setOpen} />
      <AppPart profile={profile} onOpen={setOpen} />
      {(profile.hasTotp || profile.recoveryLeft > 0) && <RecoveryPart profile={profile} onOpen={setOpen} />}
      {profile.oidc !== null && <Part title={t('provider')} note={t('providerIs', { provider: profile.oidc })} />}
      {open !== undefined && <OpenDialog open={open} profile={profile} onOpen={setOpen} />}
    </>
  );
}

interface PartOfProps extends FactorsProps {
  onOpen: (open: Open | undefined) => void;
}

function PasswordPart({ profile: { hasPassword }, onOpen }: PartOfProps) {
  return (
    <Part
      title={t('password')}
      note={t(hasPassword ? 'hasPassword' : 'noPassword')}
      head={
        <Button isSmall icon="edit" onClick={() => onOpen('password')}>
          {t(hasPassword ? 'replacePassword' : 'setPassword')}
        </Button>
      }
    />
  );
}

function AppPart({ profile: { hasTotp }, onOpen }: PartOfProps) {
  return (
    <Part
      title={t('app')}
      note={t(hasTotp ? 'hasApp' : 'noApp')}
      head={
        <>
          <Button isSmall icon={hasTotp ? 'refresh' : 'plus'} onClick={() => onOpen('app')}>
            {t(hasTotp ? 'replaceApp' : 'setApp')}
          </Button>
          {hasTotp && (
            <Button isSmall icon="trash" onClick={() => onOpen('remove-app')}>
              {t('removeApp')}
            </Button>
          )}
        </>
      }
    />
  );
}

function RecoveryPart({ profile: { recoveryLeft }, onOpen }: PartOfProps) {
  return (
    <Part
      title={t('recovery')}
      note={recoveryLeft === 0 ? t('noRecovery') : t('recoveryLeft', { count: recoveryLeft })}
      head={
        // What stands is made void by new ones: that is asked first.
        <Button isSmall icon="refresh" onClick={() => onOpen(recoveryLeft === 0 ? 'codes' : 'ask-codes')}>
          {t('newRecovery')}
        </Button>
      }
    />
  );
}

function OpenDialog({ open, profile, onOpen }: PartOfProps & { open: Open }) {
  const close = () => onOpen(undefined);
  const say = (text: string) => () => {
    toast.say(text);
    close();
  };
  switch (open) {
    case 'password':
      return (
        <Dialog isOpen size="small" title={t('password')} onClose={close}>
          <p>{t('replacePasswordNote')}</p>
          <PasswordForm name={profile.name} onSet={say(t('passwordSet'))} onCancel={close} />
        </Dialog>
      );
    case 'app':
      return (
        <Dialog isOpen title={t('app')} onClose={close}>
          <TotpForm onConfirmed={say(t('appSet'))} onCancel={close} />
        </Dialog>
      );
    case 'remove-app':
      return <RemoveApp onClose={close} />;
    case 'ask-codes':
      return (
        <ConfirmDialog
          isOpen
          isDanger={false}
          title={t('newRecoveryTitle')}
          confirmText={t('makeCodes')}
          onClose={close}
          onConfirm={() => onOpen('codes')}
        >
          <p>{t('newRecoveryBody')}</p>
        </ConfirmDialog>
      );
    case 'codes':
      return (
        // Held: a press beside it would lose codes that nobody has written down.
        <Dialog isOpen isHeld size="small" title={t('recovery')} onClose={close}>
          <RecoveryCodes onKept={close} onFailed={close} />
        </Dialog>
      );
  }
}

function RemoveApp({ onClose }: { onClose: () => void }) {
  const take = useTakeProfile();
  const { isBusy, error, run } = useDeed(
    () => api.profile.removeTotp(),
    (profile) => {
      take(profile);
      toast.say(t('appRemoved'));
      onClose();
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={t('removeAppTitle')}
      confirmText={t('removeApp')}
      isBusy={isBusy}
      error={error}
      onClose={onClose}
      onConfirm={run}
    >
      <p>{t('removeAppBody')}</p>
    </ConfirmDialog>
  );
}
