// A one-time link carries its secret behind the #, which browsers never send to a server or a log; it is taken from there at once.
import { useEffect, useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import { useEnter } from './enter.ts';

/** From then on neither the address bar nor the history holds it. */
function takeSecret(): string {
  const secret = location.hash.slice(1);
  if (secret !== '') history.replaceState(history.state, '', location.pathname);
  return secret;
}

/** `isBusy` while a link is tried; the fault of the last one. */
export interface LinkTry {
  isBusy: boolean;
  fault: string;
}

/** Signs in with the link's secret, also with a link that is opened on this very page. */
export function useSecretOfLink(): LinkTry {
  const enter = useEnter();
  const [state, setState] = useState<LinkTry>(() => ({ isBusy: location.hash.length > 1, fault: '' }));
  const signingIn = useRef(false);
  useEffect(() => {
    const signIn = async (secret: string) => {
      signingIn.current = true;
      setState({ isBusy: true, fault: '' });
      try {
        await enter(await api.session.create({ secret }));
      } catch (error) {
        setState({ isBusy: false, fault: faultText(error) });
      }
      signingIn.current = false;
    };
    const take = () => {
      const secret = takeSecret();
      // Effects run twice in development; the link's secret is there only once.
      if (secret !== '') void signIn(secret);
      else if (!signingIn.current) setState((former) => ({ ...former, isBusy: false }));
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, [enter]);
  return state;
}
