// What the web bench and its console child say to each other over the process channel.

export type WebRequest =
  | { op: 'start'; devices: number; changesPerSecond: number }
  /** Polls go on as asked for at the start, or come only in bursts. */
  | { op: 'live'; isLive: boolean }
  /** So many devices have a new poll at once. */
  | { op: 'burst'; devices: number }
  /** The child ends by itself. */
  | { op: 'stop' };

export type WebReply =
  | { op: 'started'; origin: string; link: string }
  | { op: 'done' }
  | { op: 'failed'; error: string };
