// What only Windows machines have, below what every system has: one part for each fact that the relay read.
import { type DeviceData, type Fact, useFacts } from '#console/web/src/device/device-data.ts';
import { FactSource } from '#console/web/src/device/fact-source.tsx';
import { factOf, isMembers, type Members, rowsIn, unknownIn } from '#console/web/src/device/facts.ts';
import { LongTable, rowKeyOf } from '#console/web/src/device/long-table.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { BESIDE, type FactSpec, type MemberSpec, SPECS, type WindowsView } from './fact-specs.ts';
import { memberOrder, memberText } from './member-value.tsx';
import { t } from './text.ts';
import { UnknownNote } from './unknown-note.tsx';

export function WindowsFacts({ device, view }: { device: DeviceData; view: WindowsView }) {
  const facts = useFacts(device.id).data;
  const specs: readonly FactSpec[] = SPECS[view];
  const known = specs.flatMap((spec) => {
    const fact = factOf(facts, spec.kind);
    return fact === undefined ? [] : [{ spec, fact }];
  });
  if (known.length === 0) return null;
  return (
    <div className="mt-3 grid gap-3">
      {known.map(({ spec, fact }) => (
        <FactSection key={spec.kind} spec={spec} fact={fact} device={device} />
      ))}
    </div>
  );
}

function FactSection({ spec, fact, device }: { spec: FactSpec; fact: Fact; device: DeviceData }) {
  const unknown = unknownIn(fact);
  return (
    <section className="panel min-w-0 p-3" aria-label={t(`kind_${spec.kind}`)}>
      <h2 className="section-title mb-1">{t(`kind_${spec.kind}`)}</h2>
      <FactSource fact={fact} device={device} />
      {unknown === undefined ? <Body spec={spec} fact={fact} /> : <UnknownNote reason={unknown} />}
    </section>
  );
}

function Body({ spec, fact }: { spec: FactSpec; fact: Fact }) {
  const { list, members, kind, isGoodEmpty = false } = spec;
  if (!isMembers(fact.body)) return <UnknownNote reason="malformed" />;
  if (list === undefined) return <Pairs row={fact.body} members={members} />;
  const rows = rowsIn(fact, list);
  const beside = BESIDE[kind];
  return (
    <>
      {beside !== undefined && <Pairs row={fact.body} members={beside} />}
      {rows.length === 0 ? (
        <p className="m-0 text-muted">{t(isGoodEmpty ? 'nothingWaits' : 'nothing')}</p>
      ) : (
        <Rows caption={t(`kind_${kind}`)} rows={rows} members={members} />
      )}
      {fact.body['isTruncated'] === true && <p className="mt-2 mb-0 text-xs text-changed">{t('truncated')}</p>}
    </>
  );
}

/** Nobody filters what stands on a third of a screen. */
const FEW = 12;

function Rows({
  caption,
  rows,
  members,
}: {
  caption: string;
  rows: readonly Members[];
  members: readonly MemberSpec[];
}) {
  const columns = members.map(columnOf);
  if (rows.length > FEW) return <LongTable {...{ caption, rows, columns }} />;
  return <Table isCaptionHidden {...{ caption, rows, columns, rowKey: rowKeyOf }} empty={t('nothing')} />;
}

const NUMBERS: ReadonlySet<MemberSpec['type']> = new Set(['count', 'bytes', 'ratio']);

const columnOf = (spec: MemberSpec): Column<Members> => ({
  key: spec.name,
  title: t(`m_${spec.title}`),
  isNumber: NUMBERS.has(spec.type),
  className: spec.isMinor === true ? 'max-md:hidden' : '',
  cell: (row) => (
    <span className="wrap-anywhere" title={memberText(row, spec)}>
      {memberText(row, spec)}
    </span>
  ),
  sortBy: (row) => memberOrder(row, spec),
});

function Pairs({ row, members }: { row: Members; members: readonly MemberSpec[] }) {
  return (
    <KeyValues>
      {members.map((spec) => (
        <KeyValue key={spec.name} name={t(`m_${spec.title}`)}>
          <span className="wrap-anywhere">{memberText(row, spec)}</span>
        </KeyValue>
      ))}
    </KeyValues>
  );
}
