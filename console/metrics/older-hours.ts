// The port to what only relays still have: raw hours that no file of the console holds, asked over the link of their site.
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { RelayChunks } from './metric-engine.ts';

export interface OlderAsk {
  device: DeviceId;
  site: SiteId;
  /** Whole hours since 1970: `from` <= hour < `to`. Over 32 days are cut to the newest. */
  from: number;
  to: number;
}

export interface OlderAnswer {
  /** As the relays sent them: whoever opens one holds it to all bounds. Empty when nobody has anything. */
  chunks: RelayChunks[];
  /** No relay of the site could be asked, or none answered in time: what is missing may still exist. */
  away: boolean;
}

export interface OlderHours {
  /** Within 3 s and 2 MiB, whichever comes first; never rejects but with the signal's reason. */
  fetch(ask: OlderAsk, signal?: AbortSignal): Promise<OlderAnswer>;
}
