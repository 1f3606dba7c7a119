// What holds for each device: the checks it is judged by and whether its silence is an outage, of what is shipped and what was signed.
import type { DeviceId, LayerId } from '#shared/base/id.ts';
import { type CompiledChecks, compileChecks, fittingChecks } from '#shared/judge/checks/compile-checks.ts';
import { type EffectiveSettings, SettingsResolver } from '#shared/judge/layers/effective.ts';
import { shippedPresence } from '#shared/judge/layers/presence.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import type { Presence } from '#shared/model/alert-words.ts';
import { deviceTypeOf, type TypeEvidence } from '#shared/model/device-type.ts';
import type { KnownFacts } from '#shared/model/standing-rule.ts';
import type { WatchDocument } from '#shared/model/watch-policy.ts';

/** The same object for all devices of which the same holds. */
export interface HeldSettings {
  checks: CompiledChecks;
  presence: Presence;
  /** That apply, for windows that name some. */
  layers: readonly LayerId[];
}

export interface DeviceSettingsDeps {
  document: () => Pick<WatchDocument, 'layers'> | undefined;
  layersOf: (device: DeviceId) => readonly LayerId[];
  kindOf: (device: DeviceId) => TypeEvidence;
  /** What rules of checks may ask for. */
  factsOf: (device: DeviceId) => KnownFacts;
}

export class DeviceSettings {
  readonly #deps: DeviceSettingsDeps;
  #resolver: SettingsResolver;
  #held = new Map<EffectiveSettings, Map<string, HeldSettings>>();

  constructor(deps: DeviceSettingsDeps) {
    this.#deps = deps;
    this.#resolver = this.#makeResolver();
  }

  /** Another document is in force: what was given before is of the past. */
  renew(): void {
    this.#resolver = this.#makeResolver();
    this.#held = new Map();
  }

  of(device: DeviceId): HeldSettings {
    const { layersOf, kindOf, factsOf } = this.#deps;
    const presence = shippedPresence(deviceTypeOf(kindOf(device)));
    const effective = this.#resolver.of({ device, layers: layersOf(device) }, presence);
    const fitting = fittingChecks(effective.checks, factsOf(device));
    const known = this.#held.get(effective) ?? new Map<string, HeldSettings>();
    this.#held.set(effective, known);
    const key = fitting.map(({ id }) => id).join(' ');
    const held = known.get(key) ?? {
      checks: compileChecks(fitting),
      presence: effective.presence,
      layers: effective.layers,
    };
    known.set(key, held);
    return held;
  }

  #makeResolver(): SettingsResolver {
    return new SettingsResolver(SHIPPED_CHECKS, this.#deps.document()?.layers ?? []);
  }
}
