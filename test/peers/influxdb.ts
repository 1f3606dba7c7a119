// A private InfluxDB 1.6 of Debian's package: takes its line protocol, and answers InfluxQL.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type HttpPeer, startHttpPeer } from './http-peer.ts';

const config = (folder: string, listen: string) => `reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "${path.join(folder, 'meta')}"
[data]
  dir = "${path.join(folder, 'data')}"
  wal-dir = "${path.join(folder, 'wal')}"
  index-version = "tsi1"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "${listen}"
  log-enabled = false
[logging]
  level = "error"
  suppress-logo = true
`;

/** `at` is one that was ended before. */
export function startInfluxdb(at?: HttpPeer): Promise<HttpPeer> {
  return startHttpPeer(
    {
      file: '/usr/bin/influxd',
      ready: '/query?q=SHOW%20DATABASES',
      args: (folder, listen) => {
        const file = path.join(folder, 'influxdb.conf');
        writeFileSync(file, config(folder, listen), { mode: 0o600 });
        return ['-config', file];
      },
    },
    at,
  );
}
