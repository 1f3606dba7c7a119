// A new standing order, or one that is signed anew: filled in, looked at as it will be signed, signed with one tap.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { outputBytes } from '#console/web/src/orders/order-limits.ts';
import { listed } from '#console/web/src/orders/order-search.ts';
import { namesOf, targetsQuery } from '#console/web/src/orders/orders-data.ts';
import { SignBox } from '#console/web/src/orders/sign-box.tsx';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { signingFault } from '#console/web/src/signing/passkey-fault.ts';
import { freshCharters } from '#console/web/src/signing/trust-data.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { AppError } from '#shared/base/errors.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import type { StandingOrder } from '#shared/model/standing-order.ts';
import { draftStanding, type StandingAsk, standingHindrance } from '#shared/seal/standing-draft.ts';
import { standingText } from '#shared/seal/standing-seal.ts';
import { STANDING, standingQuery } from './standing-data.ts';
import { StandingFields } from './standing-fields.tsx';
import {
  askOf,
  atMostOf,
  commandOf,
  EMPTY_FORM,
  type FormFaults,
  faultsOf,
  formOf,
  type StandingForm,
  triggerOf,
} from './standing-form.ts';
import { StandingView } from './standing-view.tsx';
import { t } from './text.ts';
import '#console/web/src/signing/signing.css';

const route = getRouteApi('/shell/standing/new');

export function NewStandingPage() {
  usePageTitle(t('newTitle'));
  const { devices, relay = '', anew = '' } = route.useSearch();
  const former = useQuery({ ...standingQuery(anew), enabled: anew !== '', refetchInterval: false });
  const order = former.data?.order;
  const watched = order?.trigger.type === 'device-unreachable' ? [order.trigger.device] : [];
  const chosen = order === undefined ? listed(devices) : order.targets.map(({ device }) => device);
  const read = useQuery(targetsQuery([...new Set([...chosen, ...watched])]));
  const isReading = (anew !== '' && former.isPending) || (chosen.length + watched.length > 0 && read.isPending);
  const fault = former.error ?? read.error;
  const targets = (read.data ?? []).filter(({ id }) => chosen.includes(id));
  const nameOf = (id: string) => read.data?.find((one) => one.id === id)?.name ?? id;
  const reach: Partial<StandingForm> = chosen.length > 0 ? { reach: 'devices' } : {};
  return (
    <>
      <p className="mt-0 mb-1">
        <Link to="/standing" className="link-quiet">
          {t('toList')}
        </Link>
      </p>
      <h1 className="mt-0 mb-1 text-xl font-semibold">{t('newTitle')}</h1>
      <p className="mt-0 mb-4 max-w-prose text-muted">{t(order === undefined ? 'newIntro' : 'renewHint')}</p>
      {fault !== null && (
        <FaultNote
          what={t('notRead')}
          error={fault}
          onRetry={() => void Promise.all([former.refetch(), read.refetch()])}
        />
      )}
      {isReading && fault === null && <SkeletonRows label={t('reading')} />}
      {!isReading && fault === null && (
        <NewStanding
          key={`${anew} ${devices ?? ''}`}
          initial={order === undefined ? { ...EMPTY_FORM, relay, ...reach } : formOf(order, nameOf)}
          targets={targets}
        />
      )}
    </>
  );
}

interface Preview {
  order: StandingOrder;
  text: string;
  charter: Charter;
  hindrance: string | undefined;
}

/** The device that is watched, by its name, at the relay of the order. */
async function watchedOf(form: StandingForm, relay: string): Promise<DeviceTarget | undefined> {
  if (form.trigger !== 'device-unreachable') return undefined;
  const { targets } = await exactApi.devices.targets({ devices: [form.watched.trim()] });
  const found = targets.find(({ relayId }) => relayId === relay);
  if (found === undefined) throw new AppError('not-found', t('noWatched'));
  return found;
}

function usePreview(targets: readonly DeviceTarget[]) {
  const queries = useQueryClient();
  const relays = useRelays().data;
  const [preview, setPreview] = useState<Preview>();
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState('');
  const reachOf = (form: StandingForm): StandingAsk['reach'] => {
    if (form.reach === 'devices') return { targets };
    const relay = relays?.find(({ id }) => id === form.relay);
    if (relay === undefined) throw new AppError('not-found', t('noRelay'));
    const rule = { text: form.rule.trim(), atMost: atMostOf(form) ?? 1 };
    return { rule, site: SiteId.parse(relay.siteId), relay: RelayId.parse(relay.id) };
  };
  const draft = async (form: StandingForm): Promise<Preview> => {
    const reach = reachOf(form);
    const place = 'rule' in reach ? reach : { site: targets[0]?.siteId ?? '', relay: targets[0]?.relayId ?? '' };
    const charter = (await freshCharters(queries, new Set([place.site]))).get(place.site);
    if (charter === undefined) throw new AppError('charter-invalid', 'its site has no charter');
    const trigger = triggerOf(form, await watchedOf(form, place.relay));
    if (trigger === undefined) throw new AppError('bad-request', t('noWatched'));
    const now = consoleNow();
    const order = draftStanding(
      askOf(form, { reach, trigger, outputBytes: outputBytes([charter]) }),
      charter.version,
      now,
    );
    return { order, text: standingText(order), charter, hindrance: standingHindrance(order, charter, now) };
  };
  const make = async (form: StandingForm) => {
    setIsBusy(true);
    setFault('');
    try {
      setPreview(await draft(form));
    } catch (error) {
      setFault(signingFault(error));
    }
    setIsBusy(false);
  };
  return { preview, isBusy, fault, make, drop: () => setPreview(undefined) };
}

function NewStanding({ initial, targets }: { initial: StandingForm; targets: readonly DeviceTarget[] }) {
  const [form, setForm] = useState(initial);
  const [isTried, setIsTried] = useState(false);
  const { preview, isBusy, fault, make, drop } = usePreview(targets);
  const faults: FormFaults = isTried ? faultsOf(form) : {};
  const change = (patch: Partial<StandingForm>) => {
    setForm((former) => ({ ...former, ...patch }));
    // What is signed is what was looked at: an order that changed is looked at again.
    drop();
  };
  const look = () => {
    setIsTried(true);
    if (Object.keys(faultsOf(form)).length === 0) void make(form);
  };
  return (
    <>
      <StandingFields {...{ form, faults, isBusy }} chosen={targets.length} onChange={change} onPreview={look} />
      {fault !== '' && (
        <p role="alert" className="mt-3 mb-0 text-down">
          {fault}
        </p>
      )}
      {preview !== undefined && <Signing preview={preview} form={form} targets={targets} />}
    </>
  );
}

function Signing({
  preview,
  form,
  targets,
}: {
  preview: Preview;
  form: StandingForm;
  targets: readonly DeviceTarget[];
}) {
  const { order, text, charter, hindrance } = preview;
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  // What came is below what one pressed: the focus goes there, and the eyes with it.
  useEffect(() => heading.current?.focus(), []);
  const submit = async (signature: PasskeySignature) => {
    await exactApi.standing.put({ signed: { text, signatures: [signature] } });
    await queries.invalidateQueries({ queryKey: STANDING });
    await navigate({ to: '/standing/$id', params: { id: order.id } });
  };
  const names = new Map(namesOf(targets));
  if (order.trigger.type === 'device-unreachable') names.set(order.trigger.device, form.watched);
  return (
    <section className="panel mt-4 max-w-4xl p-3" aria-labelledby="to-be-signed">
      <h2 id="to-be-signed" ref={heading} tabIndex={-1} className="mt-0 mb-3 text-base font-semibold">
        {t('toBeSigned')}
      </h2>
      <StandingView order={order} charter={charter} names={names} />
      <SignBox
        statement={text}
        signers={charter.signers.filter(({ role }) => role !== 'guardian')}
        command={commandOf(
          form,
          targets.map(({ id }) => id),
        )}
        hindrance={hindrance === undefined ? undefined : t('refusedFor', { why: hindrance })}
        onSigned={submit}
      />
    </section>
  );
}
