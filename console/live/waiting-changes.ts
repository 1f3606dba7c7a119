// What waits for the next flush: changes of one subject replace each other, and newest values are only marked, not made.
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import {
  type ActionChange,
  type DeviceChange,
  type EstateChange,
  type IncidentChange,
  MAX_ESTATE_DEVICES,
  type RelayChange,
  type ToldChange,
} from '#shared/model/change.ts';

/** What rooms tell; values of devices are made from what is known at the flush. */
export type NewsChange = DeviceChange | RelayChange | ActionChange | EstateChange | IncidentChange;

/** By device, and at most one of each kind. */
export type Told = ReadonlyMap<DeviceId, ReadonlyMap<ToldChange['what'], ToldChange>>;

/** The site is part of it: a relay may name any device. */
function subjectOf(change: NewsChange): string {
  switch (change.kind) {
    case 'device':
      return `device ${change.site} ${change.device}`;
    case 'relay':
      return `relay ${change.site} ${change.relay}`;
    case 'action':
      return `action ${change.site} ${change.action} ${change.device ?? ''}`;
    case 'estate':
      return `estate ${change.what} ${change.site ?? ''}`;
    case 'incident':
      return `incident ${change.incident}`;
  }
}

export class WaitingChanges {
  #news = new Map<string, NewsChange>();
  #moved = new Map<SiteId, Set<DeviceId>>();
  #told = new Map<DeviceId, Map<ToldChange['what'], ToldChange>>();

  /** Distinct subjects, devices with new values not counted: those are bounded by who keeps the values. */
  get size(): number {
    return this.#news.size;
  }

  get isEmpty(): boolean {
    return this.#news.size === 0 && this.#moved.size === 0 && this.#told.size === 0;
  }

  add(change: NewsChange): void {
    const subject = subjectOf(change);
    const former = this.#news.get(subject);
    // Deleting first moves the subject to the end: events keep the order of their last change.
    this.#news.delete(subject);
    this.#news.set(subject, joined(former, change));
  }

  addMoved(site: SiteId, devices: Iterable<DeviceId>): void {
    let known = this.#moved.get(site);
    for (const device of devices) {
      if (known === undefined) {
        known = new Set();
        this.#moved.set(site, known);
      }
      known.add(device);
    }
  }

  /** For who watches the device alone. */
  addTold(change: ToldChange): void {
    const known = this.#told.get(change.device) ?? new Map<ToldChange['what'], ToldChange>();
    known.set(change.what, change);
    this.#told.set(change.device, known);
  }

  take(): { news: NewsChange[]; moved: ReadonlyMap<SiteId, ReadonlySet<DeviceId>>; told: Told } {
    const taken = { news: [...this.#news.values()], moved: this.#moved, told: this.#told };
    this.#news = new Map();
    this.#moved = new Map();
    this.#told = new Map();
    return taken;
  }
}

/** The newer one stands for both; changes of the estate join their devices, and many are "any". */
function joined(former: NewsChange | undefined, change: NewsChange): NewsChange {
  if (former?.kind !== 'estate' || change.kind !== 'estate') return change;
  const { devices: _devices, ...any } = change;
  if (former.devices === undefined || change.devices === undefined) return any;
  const devices = [...new Set([...former.devices, ...change.devices])];
  return devices.length > MAX_ESTATE_DEVICES ? any : { ...change, devices };
}
