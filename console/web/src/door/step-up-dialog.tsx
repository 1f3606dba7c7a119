// One question for whatever reaches far: a passkey or a code, and what waited goes on by itself.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { passkeyObstacle } from '#console/web/src/signing/passkey-place.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import type { Me } from '#shared/contract/session-contract.ts';
import { doorFault } from './door-fault.ts';
import { askPasskey } from './passkey-browser.ts';
import { type Profile, profileQuery } from './profile-data.ts';
import { t } from './text.ts';

interface StepUpProps {
  onAnswer: (isProven: boolean) => void;
}

async function proveByPasskey(): Promise<Me> {
  const { challenge, rpId } = await api.session.passkeyChallenge();
  return api.session.stepUpPasskey(await askPasskey({ challenge, rpId }));
}

function useProof(onAnswer: StepUpProps['onAnswer']) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState<'passkey' | 'code'>();
  const [fault, setFault] = useState('');
  const prove = async (way: 'passkey' | 'code', proof: () => Promise<Me>) => {
    setBusy(way);
    setFault('');
    try {
      queries.setQueryData(['me'], await proof());
      onAnswer(true);
    } catch (error) {
      setFault(doorFault(error));
    }
    setBusy(undefined);
  };
  return { busy, fault, prove };
}

export function StepUpDialog({ onAnswer }: StepUpProps) {
  const profile = useQuery(profileQuery);
  const { busy, fault, prove } = useProof(onAnswer);
  const [code, setCode] = useState('');
  const has = waysOf(profile.data);
  const confirm = () => {
    if (has.code && code.trim().length >= 6) void prove('code', () => api.session.stepUp({ code }));
  };
  return (
    <Dialog
      isOpen
      size="small"
      title={t('stepUpTitle')}
      onClose={() => onAnswer(false)}
      onSubmit={confirm}
      isHeld={busy !== undefined}
      footer={
        <>
          <Button onClick={() => onAnswer(false)} disabled={busy !== undefined}>
            {t('cancel')}
          </Button>
          {has.code && (
            <Button
              kind={has.passkey ? 'plain' : 'primary'}
              type="submit"
              isBusy={busy === 'code'}
              disabled={code.trim().length < 6 || busy === 'passkey'}
            >
              {t('stepUpDo')}
            </Button>
          )}
        </>
      }
    >
      <p>{t('stepUpBody')}</p>
      {profile.isPending && <SkeletonBlock className="h-16" />}
      {profile.isError && (
        <FaultNote what={t('profileNotRead')} error={profile.error} onRetry={() => void profile.refetch()} />
      )}
      {has.passkey && (
        <Button
          kind="primary"
          icon="lock"
          isBusy={busy === 'passkey'}
          disabled={busy === 'code'}
          onClick={() => void prove('passkey', proveByPasskey)}
        >
          {t('stepUpPasskey')}
        </Button>
      )}
      {has.code && (
        <TextField
          label={t('stepUpCode')}
          hint={t('stepUpHint')}
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={40}
          value={code}
          onText={setCode}
        />
      )}
      {has.nothing && (
        <>
          <p>{t('stepUpNone')}</p>
          <p>
            <Link to="/profile" onClick={() => onAnswer(false)}>
              {t('stepUpToProfile')}
            </Link>
          </p>
        </>
      )}
      <FormFault text={fault} />
    </Dialog>
  );
}

/** What this person can prove themself with on this page. */
function waysOf(profile: Profile | undefined) {
  const passkey = profile !== undefined && profile.passkeys.length > 0 && passkeyObstacle() === undefined;
  // A recovery code opens the door, and is no proof beside it.
  const code = profile?.hasTotp === true;
  return { passkey, code, nothing: profile !== undefined && !passkey && !code };
}
