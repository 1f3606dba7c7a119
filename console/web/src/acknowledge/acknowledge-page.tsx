// Behind the link of a message: what is wrong, and one large button to take it. Nobody needs to sign in, and the link can do nothing else.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import { DoorFrame } from '#console/web/src/door/door-frame.tsx';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SeverityMark } from '#console/web/src/incidents/severity-mark.tsx';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { tokenIn } from './link-token.ts';
import { t } from './text.ts';
import './acknowledge.css';

export function AcknowledgePage() {
  usePageTitle(t('title'));
  const token = useToken();
  return (
    <DoorFrame title={t('title')}>
      {token === undefined ? <p className="m-0">{t('noToken')}</p> : <Asked key={token} token={token} />}
    </DoorFrame>
  );
}

/** It stays in the address: whoever reloads the page means the same incident. */
function useToken(): string | undefined {
  const [token, setToken] = useState(() => tokenIn(location.hash));
  useEffect(() => {
    const read = () => setToken(tokenIn(location.hash));
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  return token;
}

type Shown = Awaited<ReturnType<typeof api.acknowledge.show>>;

function Asked({ token }: { token: string }) {
  const read = useQuery({
    queryKey: ['acknowledge', token],
    queryFn: ({ signal }) => api.acknowledge.show({ token }, { signal }),
    retry: false,
    // Asked once: what the person then does is what counts.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  if (read.isPending)
    return (
      <p role="status" className="m-0 min-h-40">
        {t('reading')}
      </p>
    );
  if (read.data === undefined)
    return (
      <>
        <p role="alert" className="m-0 font-medium text-down">
          {t('notRead')}
        </p>
        <p className="m-0 text-muted">{faultText(read.error)}</p>
        <ToConsole />
      </>
    );
  return <Take token={token} shown={read.data} />;
}

function Take({ token, shown }: { token: string; shown: Shown }) {
  const taking = useMutation({
    mutationFn: () => api.acknowledge.use({ token }),
    // It counts once: from then on neither the address bar nor the history needs to hold it.
    onSuccess: () => history.replaceState(history.state, '', location.pathname),
  });
  const { title, siteName, severity, since, state, contactName } = shown;
  return (
    <>
      <div className="grid gap-2">
        <SeverityMark severity={severity} isQuiet={state === 'over'} />
        <p className="m-0 text-lg font-semibold wrap-anywhere">{title}</p>
      </div>
      <KeyValues>
        {siteName !== '' && <KeyValue name={t('site')}>{siteName}</KeyValue>}
        <KeyValue name={t('began')}>{fullTime(since)}</KeyValue>
        {contactName !== '' && <KeyValue name={t('forWhom')}>{contactName}</KeyValue>}
      </KeyValues>
      {taking.isSuccess ? (
        <p role="status" className="m-0 font-medium text-up">
          {t('taken', { name: taking.data.contactName })}
        </p>
      ) : state === 'open' ? (
        <div className="acknowledge-act">
          <Button kind="primary" icon="check" isBusy={taking.isPending} onClick={() => taking.mutate()}>
            {t(taking.isPending ? 'taking' : 'take')}
          </Button>
        </div>
      ) : (
        <p role="status" className="m-0 font-medium">
          {t(`state_${state}`)}
        </p>
      )}
      <FormFault text={taking.error === null ? '' : faultText(taking.error)} />
      <p className="m-0 text-xs text-muted">{t('onlyThis')}</p>
      <ToConsole />
    </>
  );
}

const ToConsole = () => (
  <p className="m-0">
    <Link to="/" className="quiet-link">
      {t('toConsole')}
    </Link>
  </p>
);
