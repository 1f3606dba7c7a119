// What a draft would change: for which devices which checks come, go or differ, and what becomes of windows and routes. Pure.
import type { DeviceId, LayerId } from '#shared/base/id.ts';
import { type EffectiveSettings, SettingsResolver } from '#shared/judge/layers/effective.ts';
import type { Presence } from '#shared/model/alert-words.ts';
import type { Check } from '#shared/model/check.ts';
import { checkText } from '#shared/model/check-text.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import type { WatchContent } from './watch-drafts.ts';

/** One side of a plan: what holds, and who is a member of what. */
export interface PlanSide {
  content: WatchContent;
  layersOf: (device: DeviceId) => readonly LayerId[];
}

export interface PlannedDevice {
  id: DeviceId;
  name: string;
  /** As its type says. */
  presence: Presence;
}

export interface PlannedChange {
  what: 'check' | 'presence' | 'health' | 'window' | 'route';
  id: string;
  name: string;
  change: 'added' | 'removed' | 'changed';
  detail: string;
  devices: number;
  examples: string[];
}

/** Names of devices that a change shows. */
const EXAMPLES = 5;

/** Gathers the changes of several customers; the same change for more devices is one. */
export class PlanBook {
  readonly #changes = new Map<string, PlannedChange>();
  #changed = 0;

  get changes(): PlannedChange[] {
    return [...this.#changes.values()].toSorted((a, b) => b.devices - a.devices || (a.name < b.name ? -1 : 1));
  }

  /** Devices for which something changes. */
  get changed(): number {
    return this.#changed;
  }

  compare(shipped: readonly Check[], devices: readonly PlannedDevice[], before: PlanSide, after: PlanSide): void {
    const [was, is] = [before, after].map(({ content }) => new SettingsResolver(shipped, content.layers));
    const known = new Map<EffectiveSettings, Map<EffectiveSettings, SettingsChange[]>>();
    for (const { id, name, presence } of devices) {
      const from = was?.of({ device: id, layers: before.layersOf(id) }, presence);
      const to = is?.of({ device: id, layers: after.layersOf(id) }, presence);
      if (from === undefined || to === undefined) continue;
      const changes = known.get(from)?.get(to) ?? settingsChanges(from, to);
      known.set(from, (known.get(from) ?? new Map()).set(to, changes));
      if (changes.length > 0) this.#changed += 1;
      for (const change of changes) this.#add(change, name);
    }
    for (const what of ['window', 'route'] as const)
      for (const change of partChanges(what, before.content, after.content)) this.#add(change, undefined);
  }

  #add(change: SettingsChange, device: string | undefined): void {
    const key = canonicalJson([change.what, change.id, change.change, change.detail]);
    const known = this.#changes.get(key) ?? { ...change, devices: 0, examples: [] };
    if (device !== undefined) {
      known.devices += 1;
      if (known.examples.length < EXAMPLES) known.examples.push(device);
    }
    this.#changes.set(key, known);
  }
}

type SettingsChange = Omit<PlannedChange, 'devices' | 'examples'>;

function settingsChanges(from: EffectiveSettings, to: EffectiveSettings): SettingsChange[] {
  if (from === to) return [];
  const before = new Map(from.checks.map((check) => [check.id, check]));
  const after = new Map(to.checks.map((check) => [check.id, check]));
  const checks = [...new Set([...before.keys(), ...after.keys()])].flatMap((id) =>
    checkChange(before.get(id), after.get(id)),
  );
  const presence = wordChange('presence', from.presence, to.presence);
  return [...checks, ...presence, ...wordChange('health', boundsText(from), boundsText(to))];
}

const boundsText = ({ health }: EffectiveSettings): string => `well from ${health.good}, fair from ${health.fair}`;

const wordChange = (what: 'presence' | 'health', was: string, is: string): SettingsChange[] =>
  was === is ? [] : [{ what, id: what, name: what, change: 'changed', detail: `${was} becomes ${is}` }];

function checkChange(before: Check | undefined, after: Check | undefined): SettingsChange[] {
  const check = after ?? before;
  if (check === undefined) return [];
  const about = { what: 'check', id: check.id, name: check.name } as const;
  if (before === undefined) return [{ ...about, change: 'added', detail: checkText(check) }];
  if (after === undefined) return [{ ...about, change: 'removed', detail: checkText(check) }];
  if (before === after || canonicalJson(before, 'finite') === canonicalJson(after, 'finite')) return [];
  const [was, is] = [checkText(before), checkText(after)];
  return [{ ...about, change: 'changed', detail: was === is ? 'name, advice or type' : `${was} becomes ${is}` }];
}

function partChanges(what: 'window' | 'route', before: WatchContent, after: WatchContent): SettingsChange[] {
  const [was, is] = [before, after].map(
    (content) => new Map((what === 'window' ? content.windows : content.routes).map((one) => [one.id as string, one])),
  );
  const ids = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
  return ids.flatMap((id): SettingsChange[] => {
    const [from, to] = [was?.get(id), is?.get(id)];
    const name = (to ?? from)?.name ?? id;
    const change = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    if (from !== undefined && to !== undefined && canonicalJson(from, 'finite') === canonicalJson(to, 'finite'))
      return [];
    return [{ what, id, name, change, detail: '' }];
  });
}
