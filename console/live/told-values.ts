// The newest values of devices as browsers are told them: few of every device, or all of one.
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { GlancesChange, MetricsChange } from '#shared/model/change.ts';
import type { DerivedValue } from '#shared/model/derive.ts';
import type { Glance } from '#shared/model/glance.ts';
import { seriesKey } from '#shared/model/series-key.ts';

export interface LatestReadings {
  at: number;
  values: readonly DerivedValue[];
}

export interface LatestGlance {
  at: number;
  glance: Glance;
}

/** What is known of a device; undefined for one that is not, or not at this site: a relay may name any device. */
export interface LatestSource {
  glance: (site: SiteId, device: DeviceId) => LatestGlance | undefined;
  readings: (site: SiteId, device: DeviceId) => LatestReadings | undefined;
}

export type Moved = Iterable<readonly [SiteId, Iterable<DeviceId>]>;

/** A share to a hundredth of a percent, a load to a hundredth: what lists show of it. */
const finely = (value: number): number | null => (Number.isFinite(value) ? Math.round(value * 10_000) / 10_000 : null);
const wholly = (value: number): number | null => (Number.isFinite(value) ? Math.round(value) : null);

export function glancesOf(moved: Moved, latest: LatestSource): GlancesChange {
  const told: GlancesChange = {
    kind: 'glances',
    device: [],
    at: [],
    cpu: [],
    memory: [],
    disk: [],
    mount: [],
    load: [],
    uptime: [],
    rx: [],
    tx: [],
  };
  for (const [site, devices] of moved) {
    for (const device of devices) {
      const known = latest.glance(site, device);
      if (known !== undefined) addGlance(told, device, known);
    }
  }
  return told;
}

function addGlance(told: GlancesChange, device: DeviceId, { at, glance }: LatestGlance): void {
  told.device.push(device);
  told.at.push(at);
  told.cpu.push(finely(glance.cpu));
  told.memory.push(finely(glance.memory));
  told.disk.push(finely(glance.disk));
  told.mount.push(glance.mount);
  told.load.push(finely(glance.load));
  told.uptime.push(wholly(glance.uptime));
  told.rx.push(wholly(glance.rx));
  told.tx.push(wholly(glance.tx));
}

export function metricsOf(site: SiteId, device: DeviceId, latest: LatestSource): MetricsChange | undefined {
  const readings = latest.readings(site, device);
  if (readings === undefined) return undefined;
  const values: Record<string, number> = {};
  for (const { name, instance, value } of readings.values)
    if (value !== undefined) values[seriesKey(name, instance)] = value;
  return { kind: 'metrics', site, device, at: readings.at, values };
}
