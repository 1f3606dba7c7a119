// What `bench tunnel` and the process at both ends of its tunnels say to each other.

export type TunnelWay = 'up' | 'down';

/** To the process: carry so many bytes through this port of loopback. */
export interface TunnelTask {
  port: number;
  way: TunnelWay;
  bytes: number;
}

/** From it: where it listens, once; then one answer a task. */
export type TunnelNews = { port: number } | { ms: number; isWhole: boolean };
