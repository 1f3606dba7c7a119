// The door: a one-time link carries its secret behind the #, which browsers never send to a server or a log.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import { selection } from '#console/web/src/fleet/fleet.ts';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { BrandMark } from './brand-mark.tsx';
import { usePageTitle } from './page-title.ts';
import { t } from './text.ts';

/** The same in every language. */
const SIGN_IN_COMMAND = 'npm run rmm -- sign-in';

/** Taken at once: from then on neither the address bar nor the history holds it. */
function takeSecret(): string {
  const secret = location.hash.slice(1);
  if (secret !== '') history.replaceState(history.state, '', location.pathname);
  return secret;
}

export function SignInPage() {
  usePageTitle(t('signIn'));
  const fault = useSecretOfLink();
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-4 px-4 pb-24">
      <h1 className="m-0 flex items-center gap-2 text-lg font-semibold">
        <BrandMark className="size-7" />
        RMM
      </h1>
      <div className="rounded-lg border border-line bg-surface p-5">
        {fault === undefined ? (
          <p role="status" className="m-0">
            {t('signingIn')}
          </p>
        ) : (
          <SignInFault fault={fault} />
        )}
      </div>
    </main>
  );
}

/** Signs in with the link's secret, also with a link that is opened on this very page; the fault when that fails. */
function useSecretOfLink(): string | undefined {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [fault, setFault] = useState<string>();
  const isAsked = useRef(false);
  useEffect(() => {
    const signIn = async (secret: string) => {
      setFault(undefined);
      try {
        const me = await api.session.create({ secret });
        // Another tab may have left this one with what somebody else chose.
        queries.clear();
        selection.clear();
        queries.setQueryData(['me'], me);
        await navigate({ to: '/', replace: true });
      } catch (error) {
        setFault(faultText(error));
      }
    };
    const take = () => {
      const secret = takeSecret();
      if (secret !== '') void signIn(secret);
      else if (!isAsked.current) setFault(t('linkNeeded'));
      // Effects run twice in development; the link's secret is there only once.
      isAsked.current = true;
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, [navigate, queries]);
  return fault;
}

function SignInFault({ fault }: { fault: string }) {
  return (
    <>
      <p role="alert" className="m-0 font-medium">
        {fault}
      </p>
      <p className="mt-2 mb-0 text-muted">{t('newLink')}</p>
      <div className="mt-3">
        <CopyBox label={t('signInCommand')} text={SIGN_IN_COMMAND} />
      </div>
    </>
  );
}
