// Signing in by a passkey: at a press, or quietly below the name's field where the browser holds one.
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { passkeyObstacle } from '#console/web/src/signing/passkey-place.ts';
import { doorFault } from './door-fault.ts';
import { useEnter } from './enter.ts';
import { askPasskey } from './passkey-browser.ts';

interface PasskeyWay {
  isOffered: boolean;
  isBusy: boolean;
  fault: string;
  signIn: () => void;
  offerQuietly: () => void;
}

async function canOfferQuietly(): Promise<boolean> {
  // Older browsers have passkeys and not this.
  const ask: unknown = Reflect.get(PublicKeyCredential, 'isConditionalMediationAvailable');
  return typeof ask === 'function' && (await PublicKeyCredential.isConditionalMediationAvailable());
}

export function usePasskeyWay(passkey: { rpId: string } | null): PasskeyWay {
  const enter = useEnter();
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState('');
  /** The quiet offer that is open: a browser asks for one passkey at a time. */
  const quiet = useRef<AbortController>(undefined);
  const isOffered = passkey !== null && passkeyObstacle() === undefined;
  useEffect(() => () => quiet.current?.abort(), []);
  const use = useCallback(
    async (how: { isQuiet?: boolean; signal?: AbortSignal }) => {
      const { challenge, rpId } = await api.session.passkeyChallenge();
      await enter(await api.session.passkey(await askPasskey({ challenge, rpId, ...how })));
    },
    [enter],
  );
  const signIn = useCallback(async () => {
    quiet.current?.abort();
    setIsBusy(true);
    setFault('');
    try {
      await use({});
    } catch (error) {
      setFault(doorFault(error, 'passkeyRefused'));
    }
    setIsBusy(false);
  }, [use]);
  const offerQuietly = useCallback(async () => {
    if (!isOffered || quiet.current !== undefined || !(await canOfferQuietly())) return;
    quiet.current = new AbortController();
    // Whoever goes on typing has declined it, and its end is nobody's fault.
    await use({ isQuiet: true, signal: quiet.current.signal }).catch(() => undefined);
  }, [isOffered, use]);
  return { isOffered, isBusy, fault, signIn: () => void signIn(), offerQuietly: () => void offerQuietly() };
}
