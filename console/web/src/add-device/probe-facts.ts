// What a probe found, put in the order in which somebody asks.
import type { Probed } from './use-probe.ts';

/** What speaks there, in the names of the trade. */
const SERVICES = new Map([
  [22, 'SSH'],
  [80, 'HTTP'],
  [135, 'RPC'],
  [139, 'NetBIOS'],
  [443, 'HTTPS'],
  [445, 'SMB'],
  [3389, 'RDP'],
  [5985, 'WinRM'],
  [5986, 'WinRM TLS'],
]);

export const portText = (port: number): string =>
  [port, SERVICES.get(port)].filter((part) => part !== undefined).join(' ');

export interface ProbeFacts {
  /** Somebody is there, whether they let us in or not. */
  isAnswering: boolean;
  open: number[];
  refused: number;
  silent: number;
  /** What a port says of itself: the first that says something. */
  greeting: string | undefined;
  /** Best time of an answer, in milliseconds. */
  pingMs: number | undefined;
}

export function factsOf({ ping, ports }: Probed): ProbeFacts {
  const of = (state: 'open' | 'refused' | 'silent') => ports.filter((port) => port.state === state);
  return {
    isAnswering: ping.answered || of('open').length + of('refused').length > 0,
    open: of('open').map(({ port }) => port),
    refused: of('refused').length,
    silent: of('silent').length,
    greeting: ports.find(({ greeting }) => greeting !== undefined && greeting !== '')?.greeting,
    pingMs: ping.bestMs ?? ping.averageMs,
  };
}
