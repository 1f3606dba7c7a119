// What a device has now: its filesystems as bars, its disks and interfaces as small tables.
import type { ReactNode } from 'react';
import { percent, quantityText } from '#console/web/src/text/format.ts';
import { Amount } from '#console/web/src/ui/amount.tsx';
import { Bar } from '#console/web/src/ui/meter.tsx';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { seriesKey } from '#shared/model/series-key.ts';
import { instancesOf } from './chart-specs.ts';

interface NowProps {
  values: Readonly<Record<string, number>>;
}

export function Filesystems({ values }: NowProps) {
  const mounts = instancesOf(values, 'filesystem.size');
  return (
    <Panel title="Filesystems" isEmpty={mounts.length === 0}>
      <ul className="m-0 grid list-none grid-cols-1 gap-2.5 p-0">
        {mounts.map((mount) => {
          const of = (name: string) => values[seriesKey(name, mount)];
          const ratio = of('filesystem.used_ratio') ?? Number.NaN;
          return (
            <li key={mount}>
              <div className="flex items-baseline gap-2">
                <span className="min-w-0 truncate" title={mount}>
                  {mount}
                </span>
                <span className="ml-auto text-xs whitespace-nowrap text-muted">
                  {quantityText(of('filesystem.available'), 'bytes')} free of{' '}
                  {quantityText(of('filesystem.size'), 'bytes')}
                </span>
                <span className="w-10 text-right">{percent(ratio)}</span>
              </div>
              <div className="mt-1">
                <Bar ratio={ratio} />
              </div>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

interface Column {
  name: string;
  title: string;
  unit: string;
}

const DISK_COLUMNS: readonly Column[] = [
  { name: 'disk.read_rate', title: 'Read', unit: 'bytes/s' },
  { name: 'disk.write_rate', title: 'Written', unit: 'bytes/s' },
  { name: 'disk.busy_ratio', title: 'Busy', unit: 'ratio' },
];
const INTERFACE_COLUMNS: readonly Column[] = [
  { name: 'network.rx_rate', title: 'In', unit: 'bytes/s' },
  { name: 'network.tx_rate', title: 'Out', unit: 'bytes/s' },
  { name: 'network.rx_drop_rate', title: 'Drops in', unit: '1/s' },
  { name: 'network.rx_error_rate', title: 'Errors in', unit: '1/s' },
];

export const Disks = ({ values }: NowProps) => <InstanceTable title="Disks" columns={DISK_COLUMNS} values={values} />;
export const Interfaces = ({ values }: NowProps) => (
  <InstanceTable title="Interfaces" columns={INTERFACE_COLUMNS} values={values} />
);

function InstanceTable({ title, columns, values }: NowProps & { title: string; columns: readonly Column[] }) {
  const instances = [...new Set(columns.flatMap(({ name }) => instancesOf(values, name)))];
  return (
    <Panel title={title} isEmpty={instances.length === 0}>
      <ScrollArea label={title}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              {columns.map((column) => (
                <th key={column.name} scope="col" className="number">
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {instances.map((instance) => (
              <tr key={instance}>
                <td title={instance}>
                  <span className="line-clamp-2 min-w-16 break-all">{instance}</span>
                </td>
                {columns.map(({ name, unit }) => (
                  <td key={name} className="number">
                    <Amount value={values[seriesKey(name, instance)]} unit={unit} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </Panel>
  );
}

function Panel({ title, isEmpty, children }: { title: string; isEmpty: boolean; children: ReactNode }) {
  return (
    <section className="panel p-3">
      <h2 className="section-title mb-2">{title}</h2>
      {isEmpty ? <p className="m-0 text-muted">Known after the second poll.</p> : children}
    </section>
  );
}
