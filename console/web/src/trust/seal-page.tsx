// Seals a login in the page: to a key that somebody vouched for, signed with a technician's passkey; the secret stays in the form.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { type RelayRow, useRelays } from '#console/web/src/fleet/relays.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { signWithPasskey } from '#console/web/src/signing/passkey-sign.ts';
import { charterQuery } from '#console/web/src/signing/trust-data.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { AppError } from '#shared/base/errors.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';
import type { BoxHeader } from '#shared/model/credential.ts';
import { credentialByPasskey, draftCredential } from '#shared/seal/credential-seal.ts';
import { CREDENTIALS, useCredentials } from './credentials-data.ts';
import { isTechnician } from './login-acts.tsx';
import { type Login, nextVersion } from './login-rows.ts';
import { believedKey } from './relay-key.ts';
import { RelayKeyPart } from './relay-key-part.tsx';
import { sealCommand } from './seal-command.ts';
import { faultsOfDraft, type SealDraft, type SealFaults, secretOfDraft, withoutSecrets } from './seal-draft.ts';
import { SealFields } from './seal-fields.tsx';
import { CommandInstead, signHindrance, useSigning } from './sign-dialog.tsx';
import { t } from './text.ts';
import { useForgetting } from './use-forgetting.ts';

const route = getRouteApi('/shell/credentials/seal');

export function SealPage() {
  usePageTitle(t('sealTitle'));
  const { relay, name, slot } = route.useSearch();
  const relays = useRelays();
  const read = useCredentials();
  return (
    <>
      <PageHead title={t('sealTitle')} note={<Link to="/credentials">{t('toLogins')}</Link>} />
      <p className="mt-0 mb-3 max-w-prose">{t('sealIntro')}</p>
      <section className="panel mb-3 max-w-3xl p-3" aria-label={t('honestTitle')}>
        <h2 className="section-title mb-1">{t('honestTitle')}</h2>
        <p className="m-0 max-w-prose text-muted">{t('honest')}</p>
      </section>
      {read.isError && <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />}
      {relays.isError && (
        <FaultNote what={t('relaysNotRead')} error={relays.error} onRetry={() => void relays.refetch()} />
      )}
      {(relays.isLoading || read.isLoading) && <SkeletonRows label={t('reading')} />}
      {relays.data !== undefined && read.data !== undefined && (
        <SealForm
          key={`${relay} ${name} ${slot}`}
          relays={relays.data}
          items={read.data.items}
          initial={firstDraft(read.data.items, { relay, name, slot }, relays.data)}
          wasBoundTo={formerOf(read.data.items, { relay, name, slot })?.shown?.devices ?? 0}
        />
      )}
    </>
  );
}

/** What is sealed again, or what stands beside it. */
function formerOf(items: readonly Login[], { relay, name = '', slot = 'current' }: ReturnType<typeof route.useSearch>) {
  const known = items.filter((one) => one.relayId === relay && one.name === name);
  return known.find((one) => one.slot === slot) ?? known[0];
}

/** Sealed again, a login keeps what was said of it; its secret is typed anew, and its devices, which the signature only counts, are chosen anew. */
function firstDraft(
  items: readonly Login[],
  search: ReturnType<typeof route.useSearch>,
  relays: readonly RelayRow[],
): SealDraft {
  const { relay, name = '', slot = 'current' } = search;
  const shown = formerOf(items, search)?.shown;
  const [only] = relays;
  return {
    relay: relay ?? (relays.length === 1 && only !== undefined ? only.id : ''),
    name,
    slot,
    purpose: shown?.purpose ?? 'monitor',
    user: shown?.user ?? '',
    isUserShown: shown?.user !== undefined,
    holds: shown?.hook === undefined ? (shown?.holds[0] ?? 'password') : 'hook',
    hook: shown?.hook ?? '',
    password: '',
    privateKey: '',
    ranges: shown?.ranges?.join('\n') ?? '',
    devices: [],
    transports: [...(shown?.transports ?? [])],
    isKeyOnly: shown?.weakest === 'key',
    isNtlmOverHttp: shown?.ntlmOverHttp === true,
    expires: '',
  };
}

interface SealFormProps {
  relays: readonly RelayRow[];
  items: readonly Login[];
  initial: SealDraft;
  /** Devices that what is sealed again was bound to. */
  wasBoundTo: number;
}

function SealForm({ relays, items, initial, wasBoundTo }: SealFormProps) {
  const [draft, setDraft] = useState(initial);
  const [faults, setFaults] = useState<SealFaults>({});
  const [typed, setTyped] = useState('');
  const relay = relays.find(({ id }) => id === draft.relay);
  const seal = useSeal({ draft, items, typed, relay, forget: () => setDraft(withoutSecrets) });
  const charter = useCharterOf(relay);
  useForgetting(() => setDraft(withoutSecrets));
  useNetworks(charter?.networks, setDraft);
  const change = (patch: Partial<SealDraft>) => {
    setDraft((former) => ({ ...former, ...patch }));
    setFaults((former) => Object.fromEntries(Object.entries(former).filter(([field]) => !(field in patch))));
  };
  const submit = () => {
    const found = faultsOfDraft(draft, Date.now());
    setFaults(found);
    if (Object.keys(found).length === 0) seal.run();
    // The first field to mend, once it is marked.
    else setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const why = relay === undefined ? undefined : signHindrance(charter, charter?.signers.filter(isTechnician) ?? []);
  return (
    <form
      noValidate
      autoComplete="off"
      className="panel max-w-3xl p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!seal.isBusy && why === undefined) submit();
      }}
    >
      <SealFields draft={draft} faults={faults} relays={relays} change={change} />
      {wasBoundTo > 0 && draft.devices.length === 0 && (
        <p className="m-0 mt-3 max-w-prose text-changed">{t('wasBound', { count: wasBoundTo })}</p>
      )}
      {relay !== undefined && <RelayKeyPart relay={relay} charter={charter} typed={typed} onTyped={setTyped} />}
      {why !== undefined && <p className="m-0 mt-3 max-w-prose">{why}</p>}
      {seal.fault !== '' && (
        <p role="alert" className="m-0 mt-3 text-down">
          {seal.fault}
        </p>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button kind="primary" icon="lock" type="submit" isBusy={seal.isBusy} disabled={why !== undefined}>
          {t('sealAndSign')}
        </Button>
        <LinkButton to="/credentials">{t('cancel')}</LinkButton>
      </div>
      <CommandInstead command={sealCommand(draft, typed)} isOpen={why !== undefined} />
    </form>
  );
}

function useCharterOf(relay: RelayRow | undefined) {
  const siteId = relay?.siteId ?? '';
  return useQuery({ ...charterQuery(siteId), enabled: siteId !== '' }).data;
}

/** The networks that the owners signed are where a login usually goes. */
function useNetworks(
  networks: readonly string[] | undefined,
  setDraft: (change: (draft: SealDraft) => SealDraft) => void,
): void {
  useEffect(() => {
    if (networks === undefined) return;
    setDraft((draft) => (draft.ranges === '' ? { ...draft, ranges: networks.join('\n') } : draft));
  }, [networks, setDraft]);
}

interface SealAsk {
  draft: SealDraft;
  items: readonly Login[];
  typed: string;
  relay: RelayRow | undefined;
  forget: () => void;
}

function useSeal({ draft, items, typed, relay, forget }: SealAsk) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const keys = useCredentials().data?.keys;
  const { isBusy, fault, run } = useSigning();
  const seal = async () => {
    const secret = secretOfDraft(draft);
    if (relay === undefined || secret === undefined) throw new AppError('bad-request', t('secretWrong'));
    const charter = await queries.fetchQuery({ ...charterQuery(relay.siteId), staleTime: 0 });
    const believed = await believedKey({ charter, relay: relay.id, told: keys?.get(relay.id), typed });
    if (believed.kind !== 'signed' && believed.kind !== 'compared')
      throw new AppError(
        'denied',
        t(believed.kind === 'none' ? 'keyNone' : believed.kind === 'differs' ? 'keyDiffers' : 'keyMissing'),
      );
    const { name, slot, isUserShown } = draft;
    const header: BoxHeader = {
      ...{ v: 1, site: SiteId.parse(relay.siteId), relay: RelayId.parse(relay.id), name, slot },
      version: nextVersion(items, { relayId: relay.id, name, slot }),
    };
    const to = [believed.key, ...(charter.escrowKey === undefined ? [] : [charter.escrowKey])];
    const sealed = await draftCredential({ header, secret, keys: to, issuedAt: Date.now(), isUserShown });
    const signature = await signWithPasskey(sealed.text, charter.signers.filter(isTechnician));
    const { isTold } = await exactApi.credentials.put({ sealed: credentialByPasskey(sealed, signature) });
    forget();
    toast.say(t(isTold ? 'sealed' : 'sealedLater', { name }));
    await queries.invalidateQueries({ queryKey: CREDENTIALS });
    await navigate({ to: '/credentials/$relay/$name', params: { relay: relay.id, name } });
  };
  return { isBusy, fault, run: () => run(seal) };
}
