// What holds for one device: the shipped checks and presence, changed by the layers that apply to it, each value with its reasons.
import type { DeviceId, LayerId } from '#shared/base/id.ts';
import type { Presence } from '#shared/model/alert-words.ts';
import type { Check, CheckId } from '#shared/model/check.ts';
import type { HealthBounds } from '#shared/model/health.ts';
import { USUAL_BOUNDS } from '#shared/model/health-words.ts';
import type { WatchLayer, WatchSettings } from '#shared/model/watch-policy.ts';
import { byWeight, type Source, type Statement, settle, sourceOf } from './statement.ts';

/** `null`: it does not apply here. */
type CheckWord = Check | null;

/** What is said before any layer speaks. */
export interface Shipped {
  checks: readonly Check[];
  presence: Presence;
}

/** A device with the layers that its place, its groups and itself bring. Names that no layer has are passed over. */
export interface LayerMember {
  device: DeviceId;
  layers: readonly LayerId[];
}

export interface EffectiveSettings {
  /** Those that are judged: neither taken away by a layer nor switched off themselves. By their ids in order. */
  checks: readonly Check[];
  presence: Presence;
  health: HealthBounds;
  /** The layers that apply, general to special; those that pass the device over are not among them. */
  layers: readonly LayerId[];
}

export interface ExplainedCheck {
  id: CheckId;
  /** What holds; null: a layer took it away. It is judged when it is on. */
  check: Check | null;
  said: readonly Statement<CheckWord>[];
}

export interface Explanation extends EffectiveSettings {
  /** Every check that anybody spoke of. */
  all: readonly ExplainedCheck[];
  presenceSaid: readonly Statement<Presence>[];
  healthSaid: readonly Statement<HealthBounds>[];
  /** Layers that the device is a member of and that pass it over. */
  passedOver: readonly LayerId[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const SHIPPED: Source = { level: 'shipped' };
const passesOver = ({ except }: WatchLayer, device: DeviceId): boolean => except?.includes(device) === true;

/** Which layers apply to a member, in the order of weight. */
export const layersFor = (layers: readonly WatchLayer[], member: LayerMember): WatchLayer[] =>
  layers.filter((layer) => member.layers.includes(layer.id) && !passesOver(layer, member.device)).sort(byWeight);

/** All that is said of checks, each check's words in the order of weight. Where one layer both gives and takes a check, it takes it. */
function checkWords(
  shipped: Shipped,
  applying: readonly WatchLayer[],
): Map<CheckId, { source: Source; value: CheckWord }[]> {
  const words = new Map<CheckId, { source: Source; value: CheckWord }[]>();
  const say = (id: CheckId, source: Source, value: CheckWord) => {
    const said = words.get(id);
    if (said === undefined) words.set(id, [{ source, value }]);
    else if (said.at(-1)?.source === source) said.splice(-1, 1, { source, value });
    else said.push({ source, value });
  };
  for (const check of shipped.checks) say(check.id, SHIPPED, check);
  for (const layer of applying) {
    const source = sourceOf(layer);
    for (const check of layer.settings.checks ?? []) say(check.id, source, check);
    for (const id of layer.settings.off ?? []) say(id, source, null);
  }
  return words;
}

function presenceWords(shipped: Shipped, applying: readonly WatchLayer[]): { source: Source; value: Presence }[] {
  const words = [{ source: SHIPPED, value: shipped.presence }];
  for (const layer of applying)
    if (layer.settings.presence !== undefined) words.push({ source: sourceOf(layer), value: layer.settings.presence });
  return words;
}

function healthWords(applying: readonly WatchLayer[]): { source: Source; value: HealthBounds }[] {
  const words = [{ source: SHIPPED, value: USUAL_BOUNDS }];
  for (const layer of applying)
    if (layer.settings.health !== undefined) words.push({ source: sourceOf(layer), value: layer.settings.health });
  return words;
}

const winnerOf = <T>(said: readonly Statement<T>[], otherwise: T): T =>
  said.find(({ fate }) => fate === 'wins')?.value ?? otherwise;

/** What holds for one device, and for each value who said what and why it did not hold. */
export function explainSettings(shipped: Shipped, layers: readonly WatchLayer[], member: LayerMember): Explanation {
  const applying = layersFor(layers, member);
  const all = [...checkWords(shipped, applying)]
    .map(([id, words]): ExplainedCheck => {
      const said = settle(words);
      return { id, check: winnerOf<CheckWord>(said, null), said };
    })
    .sort((a, b) => byText(a.id, b.id));
  const presenceSaid = settle(presenceWords(shipped, applying));
  const healthSaid = settle(healthWords(applying));
  return {
    all,
    checks: all.flatMap(({ check }) => (check?.isOn === true ? [check] : [])),
    presence: winnerOf(presenceSaid, shipped.presence),
    presenceSaid,
    health: winnerOf(healthSaid, USUAL_BOUNDS),
    healthSaid,
    layers: applying.map(({ id }) => id),
    passedOver: layers
      .filter((layer) => member.layers.includes(layer.id) && passesOver(layer, member.device))
      .map(({ id }) => id),
  };
}

/**
 * The same for many devices: those with the same layers get the very same object, so that who compiles checks does it once
 * for each. Made anew when layers or shipped checks change.
 */
export class SettingsResolver {
  readonly #known = new Map<string, EffectiveSettings>();
  readonly #checks: readonly Check[];
  readonly #layers: readonly WatchLayer[];

  constructor(checks: readonly Check[], layers: readonly WatchLayer[]) {
    this.#checks = checks;
    this.#layers = layers;
  }

  /** `presence`: what the device's type says. */
  of(member: LayerMember, presence: Presence): EffectiveSettings {
    const applying = layersFor(this.#layers, member);
    const key = [presence, ...applying.map(({ id }) => id)].join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const shipped = { checks: this.#checks, presence };
    const { checks, presence: holds, health, layers } = explainSettings(shipped, applying, member);
    const made = { checks, presence: holds, health, layers };
    this.#known.set(key, made);
    return made;
  }
}

/** What is wrong with a layer in itself, in words. */
export function settingsFaults({ checks = [], off = [] }: WatchSettings): string[] {
  const ids = checks.map(({ id }) => id);
  const twice = [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
  const both = [...new Set(ids.filter((id) => off.includes(id)))];
  return [
    ...twice.map((id) => `the check ${id} stands twice`),
    ...both.map((id) => `the check ${id} is both given and taken away`),
  ];
}
