// The sign of a thing: its status where it has one, else its kind.
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import { StatusShape, statusText } from '#console/web/src/ui/status-mark.tsx';
import type { SearchHit } from '#shared/contract/system-contract.ts';
import type { DeviceStatus } from '#shared/model/device.ts';
import { t } from './text.ts';

type Kind = SearchHit['kind'];

export const KIND_ICONS: Readonly<Record<Kind, IconName>> = {
  device: 'device',
  site: 'site',
  customer: 'people',
  group: 'people',
  relay: 'relay',
  tag: 'tag',
};

const KIND_TEXTS = {
  device: 'kindDevice',
  site: 'kindSite',
  customer: 'kindCustomer',
  group: 'kindGroup',
  relay: 'kindRelay',
  tag: 'kindTag',
} as const satisfies Readonly<Record<Kind, unknown>>;

export const kindText = (kind: Kind): string => t(KIND_TEXTS[kind]);

export function ThingMark({ kind, status }: { kind: Kind; status: DeviceStatus | null }) {
  if (status === null) return <Icon name={KIND_ICONS[kind]} className="text-muted" />;
  return (
    <span className="inline-flex size-4 items-center justify-center">
      <StatusShape status={status} />
      <span className="sr-only">{statusText(status)}</span>
    </span>
  );
}
