// A private VictoriaMetrics 1.79 of Debian's package: takes remote write and Influx lines, and answers Prometheus' queries.
import path from 'node:path';
import { type HttpPeer, startHttpPeer } from './http-peer.ts';

const PROGRAM = {
  file: '/usr/bin/victoria-metrics',
  ready: '/health',
  args: (folder: string, listen: string) => [
    `-storageDataPath=${path.join(folder, 'data')}`,
    `-httpListenAddr=${listen}`,
    // Past years stay: what tests and benches write has fixed times.
    '-retentionPeriod=100y',
    // Else the newest half minute is not in an answer.
    '-search.latencyOffset=0s',
    '-loggerLevel=WARN',
  ],
};

/** `at` is one that was ended before: a cold start over its data. */
export const startVictoriaMetrics = (at?: HttpPeer): Promise<HttpPeer> => startHttpPeer(PROGRAM, at);

/** What has been written is in answers afterwards; else VictoriaMetrics takes up to a second for it. */
export async function flushVictoriaMetrics({ url }: HttpPeer): Promise<void> {
  const answer = await fetch(`${url}/internal/force_flush`);
  if (!answer.ok) throw new Error(`VictoriaMetrics does not flush: ${answer.status}`);
}
