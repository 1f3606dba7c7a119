// The door: a passkey first, name with password and code in one form, an identity provider where there is one, and one-time links.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { CannotSignIn } from './cannot-sign-in.tsx';
import { doorFault } from './door-fault.ts';
import { DoorFrame } from './door-frame.tsx';
import { useEnter } from './enter.ts';
import { useSecretOfLink } from './link-secret.ts';
import { useProviderFault } from './provider-fault.ts';
import { t } from './text.ts';
import { usePasskeyWay } from './use-passkey-way.ts';

type Methods = Awaited<ReturnType<typeof api.session.methods>>;

const methodsQuery = queryOptions({
  queryKey: ['session', 'methods'],
  queryFn: ({ signal }) => api.session.methods(undefined, { signal }),
});

/** A console that does not answer is told by the form, once somebody tries. */
const NO_METHODS: Methods = { passkey: null, oidc: null };

export function SignInPage() {
  usePageTitle(t('signIn'));
  const link = useSecretOfLink();
  const providerFault = useProviderFault();
  const fault = link.fault === '' && !link.isBusy ? providerFault : link.fault;
  const methods = useQuery(methodsQuery);
  const isWaiting = link.isBusy || methods.isPending;
  return (
    <DoorFrame title={t('signIn')}>
      {isWaiting ? (
        <p role="status" className="m-0 min-h-80">
          {link.isBusy ? t('signingIn') : ''}
        </p>
      ) : (
        <>
          {fault !== '' && (
            <p role="alert" className="m-0 font-medium text-down">
              {fault}
            </p>
          )}
          <Ways methods={methods.data ?? NO_METHODS} />
          <CannotSignIn isOpen={link.fault !== ''} />
        </>
      )}
    </DoorFrame>
  );
}

function Ways({ methods: { passkey, oidc } }: { methods: Methods }) {
  const way = usePasskeyWay(passkey);
  const hasOther = way.isOffered || oidc !== null;
  return (
    <>
      {hasOther && (
        <div className="grid gap-2">
          {way.isOffered && (
            <Button kind="primary" icon="lock" isBusy={way.isBusy} autoFocus onClick={way.signIn}>
              {t('withPasskey')}
            </Button>
          )}
          {oidc !== null && (
            // No page of this app: the console answers with a way to the provider.
            <a href={oidc.path} className="button button-plain">
              {t('withProvider', { label: oidc.label })}
            </a>
          )}
          <FormFault text={way.fault} />
        </div>
      )}
      {hasOther && <p className="m-0 text-center text-xs text-muted">{t('orPassword')}</p>}
      <PasswordForm isFirst={!hasOther} onName={way.offerQuietly} />
    </>
  );
}

const EMPTY = { name: '', password: '', code: '' };

function usePasswordWay() {
  const enter = useEnter();
  const [draft, setDraft] = useState(EMPTY);
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState('');
  const code = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setIsBusy(true);
    setFault('');
    try {
      await enter(await api.session.password(draft));
    } catch (error) {
      setFault(doorFault(error, 'refused'));
      // A code counts once: whoever tries again types the next one.
      setDraft((former) => ({ ...former, code: '' }));
      code.current?.focus();
    }
    setIsBusy(false);
  };
  return {
    draft,
    change: (patch: Partial<typeof EMPTY>) => setDraft({ ...draft, ...patch }),
    isBusy,
    fault,
    code,
    submit,
  };
}

/** `onName`: somebody begins to type, and the browser may offer a passkey there. */
function PasswordForm({ isFirst, onName }: { isFirst: boolean; onName: () => void }) {
  const { draft, change, isBusy, fault, code, submit } = usePasswordWay();
  const isWhole = draft.name.trim() !== '' && draft.password !== '' && draft.code.trim().length >= 6;
  const shared = { autoCapitalize: 'off', spellCheck: false, required: true } as const;
  return (
    <form noValidate className="grid gap-3" onSubmit={(event) => void submit(event)}>
      <TextField
        {...shared}
        label={t('name')}
        autoComplete="username webauthn"
        autoFocus={isFirst}
        maxLength={120}
        value={draft.name}
        onFocus={onName}
        onText={(name) => change({ name })}
      />
      <TextField
        {...shared}
        label={t('password')}
        type="password"
        autoComplete="current-password"
        maxLength={256}
        value={draft.password}
        onText={(password) => change({ password })}
      />
      <TextField
        {...shared}
        ref={code}
        label={t('code')}
        hint={t('codeHint')}
        autoComplete="one-time-code"
        maxLength={40}
        value={draft.code}
        onText={(next) => change({ code: next })}
      />
      <FormFault text={fault} />
      <Button kind={isFirst ? 'primary' : 'plain'} type="submit" isBusy={isBusy} disabled={!isWhole}>
        {t('signIn')}
      </Button>
    </form>
  );
}
