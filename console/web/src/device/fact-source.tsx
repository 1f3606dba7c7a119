// How old a fact is and where it comes from: collected when, by which relay, and since when it says the same.
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { shortDuration } from '#console/web/src/text/format.ts';
import { agoText, fullTime } from '#console/web/src/text/time.ts';
import { StalenessMark } from '#console/web/src/ui/age.tsx';
import type { DeviceData, Fact } from './device-data.ts';
import { t } from './text.ts';

/** Inventory is read every few hours; after a day something is wrong. */
const STALE_MS = 86_400_000;

export function FactSource({ fact, device }: { fact: Fact; device: DeviceData }) {
  const now = useFiveSeconds();
  const relays = useRelays().data;
  const relay = relays?.find(({ id }) => id === device.relayId)?.name;
  const age = now - fact.seenAt;
  const asOf = t('asOf', { ago: agoText(fact.seenAt, now) });
  return (
    <p className="device-source">
      <time dateTime={new Date(fact.seenAt).toISOString()} title={fullTime(fact.seenAt)}>
        {age > STALE_MS ? <StalenessMark text={asOf} /> : asOf}
      </time>
      {fact.seenAt > fact.firstSeenAt && (
        <span title={fullTime(fact.firstSeenAt)}>
          {t('unchangedFor', { duration: shortDuration(fact.seenAt - fact.firstSeenAt) })}
        </span>
      )}
      {relay !== undefined && <span className="min-w-0 wrap-anywhere">{t('readBy', { relay })}</span>}
    </p>
  );
}
