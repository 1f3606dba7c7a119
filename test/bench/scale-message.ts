// What the scale bench and its load generator say to each other over the process channel.

export interface ScaleSite {
  /** Where its relay keeps the identity that it was enrolled with. */
  folder: string;
  devices: string[];
}

export type ScaleRequest =
  | {
      op: 'connect';
      sites: ScaleSite[];
      /** The hour of data that is sent and sealed; the next one stays open. */
      hour: number;
      /** A sweep of all sites takes so long at least: the sites are spread over it. 0: as fast as they are taken. */
      sweepMs: number;
      /** The same of the open hour, whose polls come while the other is sealed. */
      liveMs: number;
    }
  /** Sends the hour; answered when all of it is received. What is live goes on from then. */
  | { op: 'send' }
  /** Answered when all of the hour is durable: sealed, and its frames are gone. */
  | { op: 'sealed' }
  | { op: 'stop' };

export type ScaleReply = { op: 'done' } | { op: 'failed'; error: string };
