// The brake on the page of a site: frozen by one guardian, seen relay by relay, thawed by the owners or two people.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { type RelayRow, useRelays } from '#console/web/src/fleet/relays.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { rmm } from '#console/web/src/signing/command-text.ts';
import { useCharters } from '#console/web/src/signing/trust-data.ts';
import { agoText, fullTime } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { Freeze } from '#shared/model/freeze.ts';
import { mayFreeze } from '#shared/seal/freeze-seal.ts';
import { type BrakeRead, draftFreeze, draftThaw, readBrakes } from './brake-draft.ts';
import { type Signable, SignDialog } from './sign-dialog.tsx';
import { t } from './text.ts';
import { peopleOf } from './trust-people.ts';

interface Site {
  id: string;
  name: string;
}

/** While a site stands still, who confirmed it is looked at as often as relays speak of themselves. */
const FRESH_MS = 5_000;

const brakeKey = (site: string) => ['sites', site, 'brake'];

export function SiteBrake({ site }: { site: Site }) {
  const read = useQuery({
    queryKey: brakeKey(site.id),
    refetchInterval: 2 * FRESH_MS,
    queryFn: async ({ signal }) => readBrakes(await exactApi.sites.brake({ id: site.id }, { signal })),
  });
  const [open, setOpen] = useState<'freeze' | 'thaw'>();
  const close = () => setOpen(undefined);
  const frozen = read.data?.frozen;
  return (
    <section className="panel p-3" aria-label={t('brake')}>
      <h2 className="section-title mb-1">{t('brake')}</h2>
      {read.isError && <FaultNote what={t('brakeNotRead')} error={read.error} onRetry={() => void read.refetch()} />}
      {frozen === undefined ? (
        <p className="m-0 mb-2 max-w-prose text-muted">{t('brakeHint')}</p>
      ) : (
        <Frozen site={site} brakes={read.data} freeze={frozen} />
      )}
      {read.data !== undefined && (
        <Button icon="lock" needs="site.freeze" onClick={() => setOpen(frozen === undefined ? 'freeze' : 'thaw')}>
          {frozen === undefined ? t('freeze') : t('thaw')}
        </Button>
      )}
      {open === 'freeze' && read.data !== undefined && <FreezeDialog site={site} brakes={read.data} onClose={close} />}
      {open === 'thaw' && read.data !== undefined && <ThawDialog site={site} brakes={read.data} onClose={close} />}
    </section>
  );
}

interface FrozenProps {
  site: Site;
  brakes: BrakeRead | undefined;
  freeze: Freeze;
}

function Frozen({ site, brakes, freeze }: FrozenProps) {
  const now = useFiveSeconds();
  const [charter] = useCharters([site.id]);
  const waiting = brakes?.waiting;
  return (
    <div className="mb-3 grid gap-2">
      <p className="m-0 font-medium text-down">
        {t('frozenSince', { time: fullTime(freeze.at), ago: agoText(freeze.at, now) })}
      </p>
      <KeyValues>
        <KeyValue name={t('signedBy')}>{peopleOf(brakes?.signatures ?? [], charter)}</KeyValue>
        <KeyValue name={t('why')}>{freeze.reason === '' ? t('noReason') : inert(freeze.reason)}</KeyValue>
        <KeyValue name={t('confirmed')}>
          <Confirmed siteId={site.id} />
        </KeyValue>
      </KeyValues>
      {waiting !== undefined && (
        <p className="m-0 max-w-prose">{t('thawWaits', { people: peopleOf(waiting.signed.signatures, charter) })}</p>
      )}
    </div>
  );
}

function Confirmed({ siteId }: { siteId: string }) {
  const relays = useRelays();
  useQuery({
    queryKey: ['relays', 'asked-while-frozen', siteId],
    refetchInterval: FRESH_MS,
    queryFn: async () => {
      await relays.refetch();
      return Date.now();
    },
  });
  const own = relays.data?.filter((relay) => relay.siteId === siteId) ?? [];
  const isStopped = ({ isConnected, health }: RelayRow) => isConnected && health?.frozenAt !== undefined;
  const late = own.filter((relay) => !isStopped(relay));
  if (own.length === 0) return t('noRelays');
  return (
    <>
      {own
        .filter(isStopped)
        .map(({ name }) => name)
        .join(', ') || '–'}
      {late.length > 0 && (
        <span className="block text-changed" title={t('lateHint')}>
          {t('late', { relays: late.map(({ name }) => name).join(', ') })}
        </span>
      )}
    </>
  );
}

interface BrakeDialogProps {
  site: Site;
  brakes: BrakeRead;
  onClose: () => void;
}

function useSettled(site: Site) {
  const queries = useQueryClient();
  return async () => {
    for (const key of [brakeKey(site.id), ['sites'], ['overview'], ['relays']])
      await queries.invalidateQueries({ queryKey: key });
  };
}

function FreezeDialog({ site, brakes, onClose }: BrakeDialogProps) {
  const [reason, setReason] = useState('');
  const settled = useSettled(site);
  const make = async (): Promise<Signable> => {
    const text = draftFreeze({ site: site.id, brakes, reason, now: Date.now() });
    return {
      text,
      finish: async (signature) => {
        const { told } = await exactApi.sites.putBrake({ id: site.id, signed: { text, signatures: [signature] } });
        toast.say(t('frozen', { site: site.name, count: told }));
        await settled();
      },
    };
  };
  return (
    <SignDialog
      title={t('freezeTitle', { site: site.name })}
      siteId={site.id}
      maySign={mayFreeze}
      verb={t('freeze')}
      isDanger
      command={rmm('freeze', '--site', site.id, ...(reason === '' ? [] : ['--reason', reason]))}
      make={make}
      onClose={onClose}
    >
      <p className="m-0 mb-3 max-w-prose">{t('freezeBody')}</p>
      <TextField label={t('reason')} value={reason} maxLength={500} onText={setReason} />
    </SignDialog>
  );
}

function ThawDialog({ site, brakes, onClose }: BrakeDialogProps) {
  const [reason, setReason] = useState('');
  const settled = useSettled(site);
  const { waiting } = brakes;
  const make = async (): Promise<Signable> => {
    const text = waiting?.signed.text ?? draftThaw({ site: site.id, brakes, reason, now: Date.now() });
    return {
      text,
      finish: async (signature) => {
        const signed = { text, signatures: [signature] };
        const { lacks, told } = await exactApi.sites.signThaw({ id: site.id, signed });
        toast.say(lacks === null ? t('thawed', { site: site.name, count: told }) : t('thawKept'));
        await settled();
      },
    };
  };
  return (
    <SignDialog
      title={t('thawTitle', { site: site.name })}
      siteId={site.id}
      maySign={({ role }) => role !== 'guardian'}
      verb={t('sign')}
      command={rmm('thaw', '--site', site.id, '--key', 'FILE')}
      make={make}
      onClose={onClose}
    >
      <p className="m-0 mb-3 max-w-prose">{t('thawBody')}</p>
      {waiting === undefined ? (
        <TextField label={t('reason')} value={reason} maxLength={500} onText={setReason} />
      ) : (
        <p className="m-0 wrap-anywhere">
          {t('why')}: {waiting.thaw.reason === '' ? t('noReason') : inert(waiting.thaw.reason)}
        </p>
      )}
    </SignDialog>
  );
}
