// What to do with a token on the other machine, and whether the relay has come.
import { useRef } from 'react';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { useSecond } from '#console/web/src/live/now.ts';
import { duration } from '#console/web/src/text/format.ts';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { LinkShape } from './link-state.tsx';
import { t } from './text.ts';

export interface ShownToken {
  token: string;
  expiresAt: number;
  owner: string;
}

interface TokenStepsProps {
  token: ShownToken;
  place: { siteId: string; isLeaf: boolean };
}

export function TokenSteps({ token, place }: TokenStepsProps) {
  const now = useSecond();
  const left = token.expiresAt - now;
  const command = `./rmm relay enroll --data ./relay-data${place.isLeaf ? ' --leaf' : ''} --owner ${token.owner} --token-stdin`;
  return (
    <>
      <p>{t('step1')}</p>
      <CopyBox label={t('commandLabel')} text={command} />
      <p>{t('step2')}</p>
      <CopyBox label={t('tokenLabel')} text={token.token} />
      <p className="text-xs text-muted">
        {t('ownerNote')} {left > 0 ? t('validFor', { time: duration(left) }) : ''}
      </p>
      {left <= 0 && <p className="text-changed">{t('tokenExpired')}</p>}
      <Arrival siteId={place.siteId} />
    </>
  );
}

/** Relays that were there when the token was shown do not count. */
function Arrival({ siteId }: { siteId: string }) {
  const relays = useRelays().data ?? [];
  const ofSite = relays.filter((relay) => relay.siteId === siteId);
  const before = useRef<ReadonlySet<string> | undefined>(undefined);
  if (before.current === undefined && ofSite.length >= 0) before.current = new Set(ofSite.map((relay) => relay.id));
  const arrived = ofSite.find((relay) => relay.isConnected && before.current?.has(relay.id) === false);
  return (
    <p role="status" className="flex items-center gap-2 font-medium">
      {arrived === undefined ? <span className="busy-sign" aria-hidden="true" /> : <LinkShape isConnected />}
      <span className={arrived === undefined ? 'text-muted' : 'text-up'}>
        {arrived === undefined ? t('waiting') : t('arrived', { relay: arrived.name })}
      </span>
    </p>
  );
}
