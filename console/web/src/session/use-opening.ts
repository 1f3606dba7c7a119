// Opens a session step by step as the page shows it: signed, handed over, waiting for whoever has to sign too, open.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { signingFault } from '#console/web/src/signing/passkey-fault.ts';
import { signWithPasskey } from '#console/web/src/signing/passkey-sign.ts';
import { charterQuery } from '#console/web/src/signing/trust-data.ts';
import { CREDENTIALS, type Credentials } from '#console/web/src/trust/credentials-data.ts';
import { type BelievedKey, believedKey } from '#console/web/src/trust/relay-key.ts';
import { systemClock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { SealingKey } from '#shared/model/charter.ts';
import type { OpenSession } from '#shared/seal/attached-session.ts';
import { rememberCompared } from './compared-keys.ts';
import { handOver, untilOpen } from './open-session.ts';
import { draftSession, type SessionAsk } from './session-draft.ts';
import { t } from './text.ts';

export type Opening =
  | { step: 'form' }
  | { step: 'signing' }
  /** `order`: where the other signature is given. */
  | { step: 'opening' | 'waits'; order: string };

interface OpeningDeps {
  /** As a person compared it; what the owners signed goes before it. */
  typed: string;
  onOpen: (session: OpenSession) => void;
}

export function useOpening({ typed, onOpen }: OpeningDeps) {
  const queries = useQueryClient();
  const [opening, setOpening] = useState<Opening>({ step: 'form' });
  const [fault, setFault] = useState('');
  const left = useRef<AbortController>(undefined);
  useEffect(() => () => left.current?.abort(), []);

  const open = async (ask: SessionAsk, signal: AbortSignal) => {
    const { siteId, relayId } = ask.target;
    const charter = await queries.fetchQuery({ ...charterQuery(siteId), staleTime: 0 });
    const told = queries.getQueryData<Credentials>(CREDENTIALS)?.keys.get(relayId);
    const relay = keyOf(await believedKey({ charter, relay: relayId, told, typed }));
    const draft = await draftSession(ask, charter, consoleNow());
    const signers = charter.signers.filter(({ role }) => role !== 'guardian');
    const signature = await signWithPasskey(draft.batch.statement, signers);
    const order = await handOver(draft, signature);
    if (typed !== '') rememberCompared(relayId, typed.trim());
    setOpening({ step: 'opening', order });
    // Nobody would come to it any more.
    const end = () => void api.actions.cancel({ id: order }).catch(() => undefined); // it ends by itself in a minute
    signal.addEventListener('abort', end, { once: true });
    const onState = (state: string) =>
      setOpening({ step: state === 'waiting-for-signature' ? 'waits' : 'opening', order });
    await untilOpen(order, { clock: systemClock, signal, onState });
    signal.removeEventListener('abort', end);
    onOpen({ id: order, own: draft.own, relay });
  };

  const start = (ask: SessionAsk) => {
    left.current?.abort();
    left.current = new AbortController();
    const { signal } = left.current;
    setFault('');
    setOpening({ step: 'signing' });
    void open(ask, signal).catch((error: unknown) => {
      if (signal.aborted) return;
      setFault(signingFault(error));
      setOpening({ step: 'form' });
    });
  };
  const stop = () => {
    left.current?.abort();
    setOpening({ step: 'form' });
  };
  return { opening, fault, start, stop };
}

function keyOf(believed: BelievedKey): SealingKey {
  switch (believed.kind) {
    case 'signed':
    case 'compared':
      return believed.key;
    case 'none':
      throw new AppError('denied', t('keyNone'));
    case 'differs':
      throw new AppError('denied', t('keyDiffers'));
    case 'not-compared':
      throw new AppError('denied', t('keyMissing'));
  }
}
