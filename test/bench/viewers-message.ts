// What the viewers bench and its console child say to each other over the process channel.

export type ViewersRequest =
  | { op: 'start'; devices: number; changesPerSecond: number }
  /** The child ends by itself. */
  | { op: 'stop' };

export type ViewersReply = { op: 'started'; url: string; token: string } | { op: 'failed'; error: string };
