// A new order for chosen devices: filled in, looked at as it will be signed, signed with one tap.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { signingFault } from '#console/web/src/signing/passkey-fault.ts';
import { freshCharters } from '#console/web/src/signing/trust-data.ts';
import { duration } from '#console/web/src/text/format.ts';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Manifest, PasskeySignature } from '#shared/model/manifest.ts';
import { type BatchDraft, draftBatch, sealBatch } from '#shared/seal/manifest-seal.ts';
import { commonSigners, draftOrder, type OrderDraft } from '#shared/seal/order-draft.ts';
import { chosenOf } from './chosen-devices.ts';
import { EMPTY_ORDER, OrderDraftForm } from './order-draft-form.tsx';
import { exceededBy, outputBytes } from './order-limits.ts';
import { OrderOutlook } from './order-outlook.tsx';
import { placeOf } from './order-search.ts';
import { OrderView } from './order-view.tsx';
import {
  commandOf,
  faultOf,
  isOrderable,
  type Orderable,
  type Ordered,
  rolloutAsked,
  usualTimeoutMs,
} from './orderable.ts';
import { namesOf, targetsQuery, useOrdered, useUndo } from './orders-data.ts';
import { SignBox } from './sign-box.tsx';
import { t } from './text.ts';
import '#console/web/src/signing/signing.css';

const route = getRouteApi('/shell/orders/new');

export function NewOrderPage() {
  usePageTitle(t('newTitle'));
  const search = route.useSearch();
  const devices = chosenOf(search);
  const former = useOrdered(search.anew ?? '');
  const undo = useUndo(search.undo ?? '', devices[0] ?? '');
  const read = useQuery(targetsQuery(devices));
  return (
    <>
      <h1 className="mt-0 mb-1 text-xl font-semibold">{t('newTitle')}</h1>
      {devices.length === 0 && (
        <EmptyState title={t('noDevices')} body={t('noDevicesBody')}>
          <Link to="/fleet" className="button">
            {t('toFleet')}
          </Link>
        </EmptyState>
      )}
      {read.isError && <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />}
      {devices.length > 0 && read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && (
        // Filled in anew when the former order has come.
        <NewOrder
          key={`${former?.id ?? ''} ${undo?.name ?? ''}`}
          initial={undo === undefined ? formOf(former) : formToUndo(undo)}
          targets={read.data}
        />
      )}
    </>
  );
}

interface Preview {
  order: OrderDraft;
  batch: BatchDraft;
  charters: Charter[];
  hindrance: string | undefined;
}

/** Devices worked on at once at each relay, as the command line has it. */
const CONCURRENCY = 50;

function usePreview(targets: readonly DeviceTarget[]) {
  const queries = useQueryClient();
  const [preview, setPreview] = useState<Preview>();
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState('');
  const make = async ({ action, reason, timeoutMs, validForMs, ...care }: Ordered) => {
    const rollout = rolloutAsked(care);
    setIsBusy(true);
    setFault('');
    try {
      const charters = await freshCharters(queries, new Set(targets.map(({ siteId }) => siteId)));
      const all = [...charters.values()];
      const order = {
        ...{ targets, action, reason, timeoutMs, validForMs },
        outputBytes: outputBytes(all),
        concurrency: CONCURRENCY,
        ...(rollout === undefined ? {} : { rollout }),
      };
      const drafted = draftOrder(order, charters, consoleNow());
      const batch = await draftBatch(drafted.manifests);
      setPreview({ order: drafted, batch, charters: all, hindrance: limitText(exceededBy(order, drafted.rule, all)) });
    } catch (error) {
      setFault(signingFault(error));
    }
    setIsBusy(false);
  };
  const drop = () => setPreview(undefined);
  return { preview, isBusy, fault, make, drop };
}

function limitText(exceeded: ReturnType<typeof exceededBy>): string | undefined {
  if (exceeded === undefined) return undefined;
  const { limit, asked, allowed } = exceeded;
  if (limit === 'devices') return t('tooManyDevices', { asked, allowed });
  return t('tooLong', { asked: duration(asked), allowed: duration(allowed) });
}

/** The content of an order that is signed anew; of none an empty form. */
function formOf(former: Manifest | undefined): Ordered {
  if (former === undefined || !isOrderable(former.action)) return EMPTY_ORDER;
  const { action, reason, caps, rollout } = former;
  return { ...EMPTY_ORDER, action, reason, timeoutMs: caps.timeoutMs, ...rollout };
}

const formToUndo = (action: Orderable): Ordered => ({
  ...EMPTY_ORDER,
  action,
  timeoutMs: usualTimeoutMs(action.name),
});

function NewOrder({ initial, targets }: { initial: Ordered; targets: readonly DeviceTarget[] }) {
  const [form, setForm] = useState(initial);
  const [isTried, setIsTried] = useState(false);
  const { preview, isBusy, fault, make, drop } = usePreview(targets);
  const change = (patch: Partial<Ordered>) => {
    setForm((former) => ({ ...former, ...patch }));
    // What is signed is what was looked at: an order that changed is looked at again.
    drop();
  };
  const look = () => {
    setIsTried(true);
    if (faultOf(form.action) === undefined) void make(form);
  };
  return (
    <>
      <p className="mt-0 mb-4 text-muted wrap-anywhere">
        {t('onDevices', { count: targets.length, names: someNames(targets) })}
      </p>
      <OrderDraftForm form={form} onChange={change} isTried={isTried} isBusy={isBusy} onPreview={look} />
      {fault !== '' && (
        <p role="alert" className="mt-3 mb-0 text-down">
          {fault}
        </p>
      )}
      {preview !== undefined && <Signing preview={preview} form={form} targets={targets} />}
    </>
  );
}

/** As many as a line of a phone holds twice. */
const MAX_NAMED = 5;
function someNames(targets: readonly DeviceTarget[]): string {
  const names = [...namesOf(targets).values()];
  return names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ' …' : '');
}

function Signing({ preview, form, targets }: { preview: Preview; form: Ordered; targets: readonly DeviceTarget[] }) {
  const { order, batch, charters, hindrance } = preview;
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const submit = async (signature: PasskeySignature) => {
    const { ids } = await exactApi.actions.submit({ signed: sealBatch(batch.parts, [signature]) });
    void queries.invalidateQueries({ queryKey: ['orders', 'list-waiting'] });
    const { id, search } = placeOf(ids);
    await navigate({ to: '/orders/$id', params: { id }, search });
  };
  const command = commandOf(
    form,
    targets.map(({ id }) => id),
  );
  return (
    <section className="panel mt-4 p-3" aria-labelledby="to-be-signed">
      <Heading />
      <OrderView manifests={order.manifests} rule={order.rule} names={namesOf(targets)}>
        <OrderOutlook order={order} names={namesOf(targets)} />
      </OrderView>
      <SignBox
        statement={batch.statement}
        signers={commonSigners(charters).filter(({ role }) => role !== 'guardian')}
        command={command}
        hindrance={hindrance}
        devices={targets.length}
        onSigned={submit}
      />
    </section>
  );
}

/** What came is below what one pressed: the focus goes there, and the eyes with it. */
function Heading() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 id="to-be-signed" ref={heading} tabIndex={-1} className="mt-0 mb-3 text-base font-semibold">
      {t('toBeSigned')}
    </h2>
  );
}
