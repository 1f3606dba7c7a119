// Layers, windows and local routes as cards: what each says in a line or two, and what one can do with it.
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { useMay } from '#console/web/src/rights/may.ts';
import { useCustomers } from '#console/web/src/sites/sites-data.ts';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import type { MenuItem } from '#console/web/src/ui/menu.tsx';
import { RowMenu } from '#console/web/src/ui/row-menu.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { WatchPart } from '#shared/model/watch-part.ts';
import { routeText, windowText } from './part-words.ts';
import { type LayerPart, type RoutePart, useStalePolicies, type WindowPart } from './policy-data.ts';
import { RouteSheet } from './route-sheet.tsx';
import { t } from './text.ts';
import { WindowSheet } from './window-sheet.tsx';
import '#console/web/src/signing/signing.css';

function layerText({ body, places }: LayerPart): string {
  const { checks = [], off = [], presence } = body.settings;
  return [
    t(`level_${body.level}`),
    ...(body.level === 'customer' ? [] : [t('countPlaces', { count: places.length })]),
    ...(checks.length === 0 ? [] : [t('countChecks', { count: checks.length })]),
    ...(off.length === 0 ? [] : [t('countOff', { count: off.length })]),
    ...(presence === undefined ? [] : [t(`presence_${presence}`)]),
  ].join(' · ');
}

export const LayerList = ({ layers }: { layers: readonly LayerPart[] }) => (
  <Cards
    parts={layers}
    textOf={layerText}
    nameOf={(part) => (
      <Link to="/policies/layer" search={{ id: part.body.id }} className="font-medium wrap-anywhere">
        {inert(part.body.name)}
      </Link>
    )}
  />
);

export const WindowList = ({ windows }: { windows: readonly WindowPart[] }) => (
  <Cards
    parts={windows}
    textOf={({ body }) => windowText(body)}
    sheet={(part, close) => <WindowSheet part={part} onClose={close} />}
  />
);

export const RouteList = ({ routes }: { routes: readonly RoutePart[] }) => (
  <Cards
    parts={routes}
    textOf={({ body }) => routeText(body)}
    sheet={(part, close) => <RouteSheet part={part} onClose={close} />}
  />
);

interface CardsProps<Part extends WatchPart> {
  parts: readonly Part[];
  textOf: (part: Part) => string;
  nameOf?: (part: Part) => ReactNode;
  /** Opens to change one. */
  sheet?: (part: Part, close: () => void) => ReactNode;
}

function Cards<Part extends WatchPart>({ parts, textOf, nameOf, sheet }: CardsProps<Part>) {
  const [edited, setEdited] = useState<string>();
  const [removed, setRemoved] = useState<string>();
  const mayWrite = useMay('policy.write');
  const customers = useCustomers().data ?? [];
  if (parts.length === 0) return <p className="m-0 text-muted">{t('none')}</p>;
  const customerOf = ({ customerId }: Part) =>
    customerId === null ? t('everyCustomer') : inert(customers.find(({ id }) => id === customerId)?.name ?? '');
  const itemsOf = ({ body }: Part): MenuItem[] => [
    ...(sheet === undefined ? [] : [{ key: 'edit', text: t('edit'), onSelect: () => setEdited(body.id) }]),
    { key: 'remove', text: t('remove'), onSelect: () => setRemoved(body.id) },
  ];
  const partOf = (id: string | undefined) => parts.find(({ body }) => body.id === id);
  const [toEdit, toRemove] = [partOf(edited), partOf(removed)];
  return (
    <>
      <ul className="plain-list w-full">
        {parts.map((part) => (
          <li key={part.body.id} className="order-card">
            <span className="flex flex-wrap items-center justify-between gap-x-3">
              {nameOf?.(part) ?? <strong className="font-medium wrap-anywhere">{inert(part.body.name)}</strong>}
              <span className="flex items-center gap-2">
                {part.isRemoved && <Tag text={t('removedSoon')} tone="changed" />}
                {mayWrite && !part.isRemoved && <RowMenu label={inert(part.body.name)} items={itemsOf(part)} />}
              </span>
            </span>
            <span className="block wrap-anywhere">{textOf(part)}</span>
            <span className="block text-muted">{customerOf(part)}</span>
          </li>
        ))}
      </ul>
      {toEdit !== undefined && sheet?.(toEdit, () => setEdited(undefined))}
      {toRemove !== undefined && <Removing part={toRemove} onClose={() => setRemoved(undefined)} />}
    </>
  );
}

function Removing({ part, onClose }: { part: WatchPart; onClose: () => void }) {
  const stale = useStalePolicies();
  const name = inert(part.body.name);
  const deed = useDeed(
    () => exactApi.policies.remove({ id: part.body.id }),
    async () => {
      toast.say(t('removed', { name }));
      await stale();
      onClose();
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={t('removeTitle', { name })}
      confirmText={t('remove')}
      isBusy={deed.isBusy}
      error={deed.error}
      onConfirm={deed.run}
      onClose={onClose}
    >
      {t('removeBody')}
    </ConfirmDialog>
  );
}
