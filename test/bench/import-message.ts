// What the import bench and its console child say to each other over the process channel.

export type ImportRequest =
  | { op: 'start'; data: string }
  /** Begins to measure. */
  | { op: 'measure' }
  /** Ends it and says what it was. */
  | { op: 'measured' }
  /** The child ends by itself. */
  | { op: 'stop' };

export interface Stalls {
  /** The longest the event loop was late by the clock, and the 99th of a hundred. */
  stallMs: number;
  stallP99Ms: number;
  /** The most processor time of the loop between two ticks of a timer: whatever else the machine ran. */
  stallCpuMs: number;
}

export type ImportReply = { op: 'done' } | ({ op: 'measured' } & Stalls) | { op: 'failed'; error: string };
