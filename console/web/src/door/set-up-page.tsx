// The first thing of whoever was invited: something of one's own to sign in with. Until it stands, nothing else opens.
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { isSignedOut } from '#console/web/src/api/fault.ts';
import { meQuery } from '#console/web/src/shell/me.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { useSignOut } from '#console/web/src/shell/use-sign-out.ts';
import { passkeyObstacle } from '#console/web/src/signing/passkey-place.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Toaster } from '#console/web/src/ui/toaster.tsx';
import { DoorFrame } from './door-frame.tsx';
import { useEnter } from './enter.ts';
import { PasskeyForm } from './passkey-form.tsx';
import { PasswordForm } from './password-form.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { StepUpHost } from './step-up-host.tsx';
import { t } from './text.ts';
import { TotpForm } from './totp-form.tsx';

type Stage = 'choose' | 'password' | 'app' | 'codes' | 'done';
const STEPS: readonly Stage[] = ['password', 'app', 'codes'];

export function SetUpPage() {
  usePageTitle(t('setUpTitle'));
  const me = useQuery(meQuery);
  const [stage, setStage] = useState<Stage>('choose');
  if (isSignedOut(me.error)) return <Navigate to="/sign-in" />;
  if (me.data?.mustEnrol === false && stage === 'choose') return <Navigate to="/" />;
  return (
    <DoorFrame title={t('setUpTitle')} isWide>
      {me.isError && <FaultNote what="" error={me.error} onRetry={() => void me.refetch()} />}
      {me.data !== undefined && <Staged stage={stage} name={me.data.name} onStage={setStage} />}
      <StepUpHost />
      <Toaster />
    </DoorFrame>
  );
}

interface StagedProps {
  stage: Stage;
  name: string;
  onStage: (stage: Stage) => void;
}

function Staged({ stage, name, onStage }: StagedProps) {
  const step = STEPS.indexOf(stage) + 1;
  return (
    <>
      {step > 0 && <p className="m-0 text-xs text-muted">{t('step', { step, of: STEPS.length })}</p>}
      {stage === 'choose' && <Choose name={name} onStage={onStage} />}
      {stage === 'password' && (
        <Part title={t('setUpPassword')}>
          <PasswordForm name={name} onSet={() => onStage('app')} onCancel={() => onStage('choose')} />
        </Part>
      )}
      {stage === 'app' && (
        <Part title={t('appTitle')}>
          <TotpForm onConfirmed={() => onStage('codes')} onCancel={() => onStage('choose')} />
        </Part>
      )}
      {stage === 'codes' && (
        <Part title={t('recoveryTitle')}>
          <RecoveryCodes onKept={() => onStage('done')} />
        </Part>
      )}
      {stage === 'done' && <Done />}
    </>
  );
}

/** The focus follows to each part, so that a screen reader says where one is; a field of its own takes it from there. */
function Part({ title, children }: { title: string; children: React.ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const form = heading.current?.parentElement;
    if (form?.contains(document.activeElement) !== true) heading.current?.focus();
  }, []);
  return (
    <section className="grid gap-3">
      <h2 ref={heading} tabIndex={-1} className="section-title m-0 outline-none">
        {title}
      </h2>
      {children}
    </section>
  );
}

function Choose({ name, onStage }: Omit<StagedProps, 'stage'>) {
  const signOut = useSignOut();
  const isFirst = passkeyObstacle() === undefined;
  return (
    <>
      <p className="m-0 max-w-prose">{t('setUpIntro', { name })}</p>
      <section className="grid gap-2 rounded-md border border-line p-4">
        <h2 className="section-title m-0">{t('setUpPasskey')}</h2>
        {isFirst && <p className="m-0 max-w-prose text-muted">{t('setUpPasskeyBody')}</p>}
        <PasskeyForm onMade={() => onStage('done')} />
      </section>
      <section className="grid justify-items-start gap-2 rounded-md border border-line p-4">
        <h2 className="section-title m-0">{t('setUpPassword')}</h2>
        <p className="m-0 max-w-prose text-muted">{t('setUpPasswordBody')}</p>
        <Button kind={isFirst ? 'plain' : 'primary'} onClick={() => onStage('password')}>
          {t('choosePassword')}
        </Button>
      </section>
      <div>
        <Button kind="quiet" isSmall onClick={() => void signOut()}>
          {t('startAnew')}
        </Button>
      </div>
    </>
  );
}

function Done() {
  const enter = useEnter();
  const button = useRef<HTMLButtonElement>(null);
  const [error, setError] = useState<unknown>();
  useEffect(() => button.current?.focus(), []);
  const go = async () => {
    try {
      await enter(await api.session.me());
    } catch (fault) {
      setError(fault);
    }
  };
  return (
    <>
      <p role="status" className="m-0 max-w-prose">
        {t('allSet')}
      </p>
      {error !== undefined && <FaultNote what="" error={error} onRetry={() => void go()} />}
      <div>
        <Button ref={button} kind="primary" onClick={() => void go()}>
          {t('toConsole')}
        </Button>
      </div>
    </>
  );
}
