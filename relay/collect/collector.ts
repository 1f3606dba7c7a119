// The port of collectors: what to ask a system and how to read its answer. A collector knows no schedule and no transport.

import type { Session } from '#relay/transport/transport.ts';
import type { Outcome } from '#shared/base/outcome.ts';
import type { DeviceSystem } from '#shared/model/device.ts';
import type { Series } from '#shared/model/metric-catalogue.ts';
import type { EventFilter, EventMarks, EventReading } from './event-log.ts';

/** One column of a reading: a stored integer (see toStored), undefined where the device did not tell. */
export interface Sample extends Series {
  value: number | undefined;
}

export interface HotReading {
  /** Each series once; metrics of the device always, in the same order, so that columns stay. */
  samples: readonly Sample[];
  /** What the device believes the time is, in milliseconds UTC, exact to a second. */
  wallClockMs: number | undefined;
  /** Sentences about what was left out, such as interfaces over the bound. */
  notices: readonly string[];
}

/** A JSON value of a fact; a member the device did not tell is null, never an empty text. */
export type FactValue = string | number | boolean | null | FactValue[] | { [member: string]: FactValue };

export interface Fact {
  /** One word of the inventory: os, hardware, disks, network, packages, users, services, ports. */
  kind: string;
  body: { [member: string]: FactValue };
}

export interface ColdReading {
  /** A kind whose source is missing or denied is absent. */
  facts: readonly Fact[];
}

export interface Collector {
  readonly system: DeviceSystem;
  /** Raw counters and levels, every interval: cheap for the device. */
  collectHot(session: Session, signal: AbortSignal): Promise<Outcome<HotReading>>;
  /** The inventory, every few hours. */
  collectCold(session: Session, signal: AbortSignal): Promise<Outcome<ColdReading>>;
  /** The event logs from the marks on, where the system keeps such. */
  collectEvents?(
    session: Session,
    what: { filters: readonly EventFilter[]; marks: EventMarks },
    signal: AbortSignal,
  ): Promise<Outcome<EventReading>>;
}
