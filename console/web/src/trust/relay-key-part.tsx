// Whose key a login is sealed to, and the comparison that a person makes where the owners have signed none.
import { useQuery } from '@tanstack/react-query';
import type { RelayRow } from '#console/web/src/fleet/relays.ts';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import type { Charter } from '#shared/model/charter.ts';
import { useCredentials } from './credentials-data.ts';
import { type BelievedKey, believedKey } from './relay-key.ts';
import { t } from './text.ts';

interface RelayKeyPartProps {
  relay: Pick<RelayRow, 'id'>;
  charter: Charter | undefined;
  typed: string;
  onTyped: (text: string) => void;
}

export function RelayKeyPart({ relay, charter, typed, onTyped }: RelayKeyPartProps) {
  const told = useCredentials().data?.keys.get(relay.id);
  const believed = useQuery({
    queryKey: ['believed-key', relay.id, charter?.version, told?.id, typed],
    enabled: charter !== undefined,
    placeholderData: (former) => former,
    queryFn: () => believedKey({ charter: charter ?? {}, relay: relay.id, told, typed }),
  }).data;
  if (believed === undefined) return null;
  return (
    <section className="mt-4" aria-label={t('key')}>
      <h2 className="section-title mb-1">{t('key')}</h2>
      <Belief believed={believed} typed={typed} onTyped={onTyped} />
      {charter?.escrowKey !== undefined && (
        <p className="m-0 mt-2 wrap-anywhere text-muted">{t('escrow', { id: charter.escrowKey.id })}</p>
      )}
    </section>
  );
}

function Belief({
  believed,
  typed,
  onTyped,
}: { believed: BelievedKey } & Pick<RelayKeyPartProps, 'typed' | 'onTyped'>) {
  if (believed.kind === 'signed') return <p className="m-0 wrap-anywhere">{t('keySigned', { id: believed.key.id })}</p>;
  if (believed.kind === 'none') return <p className="m-0 text-down">{t('keyNone')}</p>;
  // The console's word is not shown before it is compared: what stands there would only be copied.
  return (
    <TextField
      label={t('keyTyped')}
      hint={believed.kind === 'compared' ? t('keyFits', { id: believed.key.id }) : t('keyTypedHint')}
      isCode
      value={typed}
      error={believed.kind === 'differs' ? t('keyDiffers') : ''}
      onText={onTyped}
    />
  );
}
