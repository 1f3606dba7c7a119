// Hours that are not sealed yet: what the journal of frames holds of one device, or of whole sites.
import type { Db } from '#console/store/engine.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { DecodedHours, HourSpan } from './decoded-hours.ts';
import type { NamedHour, SiteHour } from './metric-engine.ts';
import { mergeNamed, namedHour } from './named-hours.ts';

/** A day and what touches it. Sealing leaves two hours at most; more is the backlog of a site that was away, and is sealed within minutes. */
const MAX_HOURS = 26;

export interface Site {
  site: SiteId;
  relays: readonly RelayId[];
}

/** An hour of a site, device by device. */
export interface OpenSiteHour extends SiteHour {
  devices: ReadonlyMap<DeviceId, NamedHour>;
}

export class OpenHours {
  readonly #db: Db;
  readonly #hours: DecodedHours;

  constructor(deps: { db: Db; hours: DecodedHours }) {
    this.#db = deps.db;
    this.#hours = deps.hours;
  }

  /** One device's hours of which frames are here, ascending; several relays of a site may each have some. */
  async ofDevice(
    relays: readonly RelayId[],
    device: DeviceId,
    span: HourSpan,
    only?: ReadonlySet<string>,
  ): Promise<{ hours: number[]; rows: NamedHour[] }> {
    const parts = new Map<number, NamedHour[]>();
    for (const relay of relays)
      for (const hour of await this.#hours.hours(this.#db, relay, span, MAX_HOURS)) {
        const known = parts.get(hour) ?? [];
        parts.set(hour, known);
        const polls = await this.#hours.polls(this.#db, relay, device, { hour, of: span });
        const rows = namedHour(polls, only);
        if (rows !== undefined) known.push(rows);
      }
    const hours = [...parts.keys()].sort((a, b) => a - b);
    return { hours, rows: hours.flatMap((hour) => mergeNamed(parts.get(hour) ?? []) ?? []) };
  }

  /** Hours of sites, as far as they are small enough; `pending` are those that are not. */
  async ofSites(
    sites: readonly Site[],
    span: HourSpan,
    only: ReadonlySet<string>,
  ): Promise<{ open: OpenSiteHour[]; pending: SiteHour[] }> {
    const open: OpenSiteHour[] = [];
    const pending: SiteHour[] = [];
    for (const { site, relays } of sites) {
      const places = new Map<number, RelayId[]>();
      for (const relay of relays)
        for (const hour of await this.#hours.hours(this.#db, relay, span, MAX_HOURS))
          places.set(hour, [...(places.get(hour) ?? []), relay]);
      for (const [hour, some] of places) {
        const devices = await this.#everybody(some, hour, only);
        if (devices === undefined) pending.push({ site, hour });
        else open.push({ site, hour, devices });
      }
    }
    return { open, pending };
  }

  async #everybody(
    relays: readonly RelayId[],
    hour: number,
    only: ReadonlySet<string>,
  ): Promise<ReadonlyMap<DeviceId, NamedHour> | undefined> {
    const parts = new Map<DeviceId, NamedHour[]>();
    for (const relay of relays) {
      const polls = await this.#hours.everybody(this.#db, relay, hour);
      if (polls === undefined) return undefined;
      for (const [device, own] of polls) addPart(parts, device, own, only);
    }
    return new Map(
      [...parts].flatMap(([device, own]) => {
        const merged = mergeNamed(own);
        return merged === undefined ? [] : [[device, merged] as const];
      }),
    );
  }
}

function addPart(
  parts: Map<DeviceId, NamedHour[]>,
  device: DeviceId,
  polls: readonly PollRecord[],
  only: ReadonlySet<string>,
): void {
  const rows = namedHour(polls, only);
  if (rows === undefined) return;
  const known = parts.get(device);
  if (known === undefined) parts.set(device, [rows]);
  else known.push(rows);
}
