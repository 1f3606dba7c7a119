// A private Prometheus 2.42 of Debian's package: takes remote write, scrapes what a test gives it, and answers queries.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type HttpPeer, startHttpPeer } from './http-peer.ts';

export interface PrometheusOptions {
  /** YAML behind `scrape_configs:`, of lines that begin with "  - ". Empty: it scrapes nothing. */
  scrape?: string;
  /** How much older than the newest a sample may be; 0 is Prometheus' own default, "in order or refused". */
  outOfOrder?: string;
}

/** Past years stay: what tests and benches write has fixed times. */
const RETENTION = '100y';

export function startPrometheus({ scrape = '', outOfOrder = '30d' }: PrometheusOptions = {}): Promise<HttpPeer> {
  return startHttpPeer({
    file: '/usr/bin/prometheus',
    ready: '/-/ready',
    args: (folder, listen) => {
      const config = path.join(folder, 'prometheus.yml');
      const lines = [
        'global: { scrape_interval: 1s, scrape_timeout: 1s }',
        `storage: { tsdb: { out_of_order_time_window: ${outOfOrder} } }`,
        'scrape_configs:',
        scrape === '' ? '  []' : scrape,
      ];
      writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 });
      return [
        `--config.file=${config}`,
        `--storage.tsdb.path=${path.join(folder, 'data')}`,
        `--storage.tsdb.retention.time=${RETENTION}`,
        `--web.listen-address=${listen}`,
        '--web.enable-remote-write-receiver',
        '--log.level=warn',
      ];
    },
  });
}

/** What `promtool check metrics` says of an exposition: its complaints, empty when it has none. */
export function promtoolCheck(exposition: string): string {
  const ran = spawnSync('/usr/bin/promtool', ['check', 'metrics'], { input: exposition, encoding: 'utf8' });
  if (ran.error !== undefined) throw ran.error;
  const said = `${ran.stdout}${ran.stderr}`.trim();
  return ran.status === 0 ? said : said || `promtool ended with ${ran.status}`;
}
