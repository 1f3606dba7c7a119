// Reads the interface counters of `netstat -ibn` on FreeBSD and macOS, whose columns differ by version: the header names them.
import { boundInstances, type SampleSet, wholeNumber } from './sample-set.ts';

const METRIC_OF: Readonly<Record<string, string>> = {
  Ibytes: 'network.rx_bytes',
  Obytes: 'network.tx_bytes',
  Ierrs: 'network.rx_errors',
  Oerrs: 'network.tx_errors',
  Idrop: 'network.rx_drops',
  Drop: 'network.tx_drops',
};

/** Only the rows of links: an interface has one more row for each of its addresses. */
export function addNetstat(lines: readonly string[] | undefined, set: SampleSet, notices: string[]): void {
  const [header = '', ...rows] = lines ?? [];
  const columns = header.trim().split(/\s+/);
  const counters = columns.slice(columns.indexOf('Address') + 1);
  if (!columns.includes('Address')) return;
  const links = rows.flatMap((row) => {
    const cells = row.trim().split(/\s+/);
    const [name = '', , network = ''] = cells;
    // The address may be missing, so the counters are counted from the right.
    const isLink = network.startsWith('<Link#') && cells.length >= counters.length + 3;
    return isLink && !/^(?:lo\d|pflog|pfsync|enc\d|epair|tap\d|gif\d|stf\d|anpi|utun)/.test(name)
      ? [{ name: name.replace(/\*$/, ''), cells: cells.slice(-counters.length) }]
      : [];
  });
  for (const { name, cells } of boundInstances('interfaces', links, notices)) {
    const entries = counters.flatMap((column, i) => {
      const metric = METRIC_OF[column];
      return metric === undefined ? [] : [[metric, wholeNumber(cells[i])] as const];
    });
    set.setInstance(name, Object.fromEntries(entries));
  }
}
