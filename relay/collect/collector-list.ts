// Which collector serves which system.
import { type RandomBytes, systemRandom } from '#shared/base/id.ts';
import type { DeviceSystem } from '#shared/model/device.ts';
import type { Collector } from './collector.ts';
import { freebsdCollector } from './freebsd/freebsd-collector.ts';
import { linuxCollector } from './linux/linux-collector.ts';
import { macosCollector } from './macos/macos-collector.ts';
import { windowsCollector } from './windows/windows-collector.ts';

export type CollectorFor = (system: DeviceSystem) => Collector | undefined;

/** The collectors of this release; undefined for a system nobody collects. */
export function collectorList(random: RandomBytes = systemRandom): CollectorFor {
  const all = [linuxCollector(random), freebsdCollector(random), macosCollector(random), windowsCollector(random)];
  const collectors = new Map(all.map((collector) => [collector.system, collector]));
  return (system) => collectors.get(system);
}
