// The form of a layer: what was typed, its checks one by one, and the part that it makes.
import type { Presence } from '#shared/model/alert-words.ts';
import type { Check } from '#shared/model/check.ts';
import type { LayerPart, PartWish } from '#shared/model/watch-part.ts';
import type { WatchLayer } from '#shared/model/watch-policy.ts';

export interface LayerForm {
  customer: string;
  name: string;
  level: WatchLayer['level'];
  priority: string;
  isEnforced: boolean;
  presence: Presence | 'inherit';
  places: string[];
  /** By id: a check of its own, or null where it turns one off. What is not in it is inherited. */
  checks: ReadonlyMap<string, Check | null>;
  former: WatchLayer | undefined;
}

export const LAYER_FIELDS = ['name', 'priority', 'places'];
const MAX_PRIORITY = 1_000;

export function formOf(part: LayerPart | undefined, customer: string): LayerForm {
  const body = part?.body;
  const { checks = [], off = [], presence } = body?.settings ?? {};
  return {
    customer,
    name: body?.name ?? '',
    level: body?.level ?? 'customer',
    priority: String(body?.priority ?? 0),
    isEnforced: body?.isEnforced ?? false,
    presence: presence ?? 'inherit',
    places: [...(part?.places ?? [])],
    checks: new Map<string, Check | null>([
      ...checks.map((check) => [check.id, check] as const),
      ...off.map((id) => [id, null] as const),
    ]),
    former: body,
  };
}

export type LayerFault = 'noName' | 'noPriority';

export function faultsOf(form: LayerForm): Record<string, LayerFault> {
  const priority = Number(form.priority);
  return {
    ...(form.name.trim() === '' ? { name: 'noName' as const } : {}),
    ...(Number.isInteger(priority) && priority >= 0 && priority <= MAX_PRIORITY
      ? {}
      : { priority: 'noPriority' as const }),
  };
}

export function wishOf(form: LayerForm): PartWish {
  const entries = [...form.checks];
  const own = entries.flatMap(([, check]) => (check === null ? [] : [check]));
  const off = entries.flatMap(([id, check]) => (check === null ? [id] : []));
  const { name, level, priority, isEnforced, presence, places, former } = form;
  return {
    kind: 'layer',
    body: {
      ...{ name: name.trim(), level, priority: Number(priority), isEnforced },
      ...(former?.except === undefined ? {} : { except: former.except }),
      settings: {
        ...(own.length === 0 ? {} : { checks: own }),
        ...(off.length === 0 ? {} : { off }),
        ...(presence === 'inherit' ? {} : { presence }),
        ...(former?.settings.health === undefined ? {} : { health: former.settings.health }),
      },
    },
    places: level === 'customer' ? [] : places,
  };
}
