// What shows something: tables, marks, strips, empty places, commands.
import { Age, StalenessMark } from '#console/web/src/ui/age.tsx';
import { Amount } from '#console/web/src/ui/amount.tsx';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { type HeatLevel, HeatStrip } from '#console/web/src/ui/heat-strip.tsx';
import { ICON_NAMES, Icon } from '#console/web/src/ui/icon.tsx';
import { Kbd } from '#console/web/src/ui/kbd.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { Bar, Meter } from '#console/web/src/ui/meter.tsx';
import { Progress } from '#console/web/src/ui/progress.tsx';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { SkeletonBlock, SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { Sparkline } from '#console/web/src/ui/sparkline.tsx';
import { SimulatedMark, StatusMark, StatusShape } from '#console/web/src/ui/status-mark.tsx';
import { type Column, SortArrow, Table } from '#console/web/src/ui/table.tsx';
import { Badge, Tag, type Tone } from '#console/web/src/ui/tag.tsx';
import { nothing, Part, Row } from './part.tsx';

const NOW = Date.UTC(2026, 5, 1, 12);
const STATUSES = ['up', 'down', 'unknown', 'identity-changed'] as const;
const TONES: readonly Tone[] = ['plain', 'accent', 'up', 'down', 'changed', 'simulated'];
const LEVELS: readonly HeatLevel[] = ['good', 'weak', 'bad', 'none'];
const levelOf = (index: number): HeatLevel =>
  index % 17 === 5 ? 'bad' : index % 11 === 3 ? 'weak' : index > 40 && index < 44 ? 'none' : 'good';

interface Disk {
  mount: string;
  used: number;
  free: number;
}
const DISKS: readonly Disk[] = [
  { mount: '/', used: 0.62, free: 48e9 },
  { mount: '/var/lib/postgresql/16/main', used: 0.93, free: 3.1e9 },
  { mount: '/home', used: 0.11, free: 890e9 },
];
const COLUMNS: ReadonlyArray<Column<Disk>> = [
  { key: 'mount', title: 'Mounted at', cell: (disk) => disk.mount, sortBy: (disk) => disk.mount },
  {
    key: 'used',
    title: 'Used',
    isNumber: true,
    cell: (disk) => <Meter ratio={disk.used} />,
    sortBy: (disk) => disk.used,
  },
  {
    key: 'free',
    title: 'Free',
    isNumber: true,
    cell: (disk) => <Amount value={disk.free} unit="bytes" unitWidth="w-7" />,
    sortBy: (disk) => disk.free,
  },
];

export function GalleryShows() {
  return (
    <>
      <Tables />
      <Marks />
      <Charts />
      <Waiting />
      <Part name="EmptyState">
        <EmptyState title="No device is watched yet" body="A relay at a site polls the devices there.">
          <Button kind="primary">Add a device</Button>
          <LinkButton to="/">To the fleet</LinkButton>
        </EmptyState>
      </Part>
      <Part name="Icon">
        <div className="flex flex-wrap gap-3 text-muted">
          {ICON_NAMES.map((name) => (
            <span key={name} title={name}>
              <Icon name={name} />
            </span>
          ))}
        </div>
      </Part>
    </>
  );
}

function Tables() {
  return (
    <Part name="Table, KeyValues, ScrollArea">
      <Table
        caption="File systems"
        columns={COLUMNS}
        rows={DISKS}
        rowKey={(disk) => disk.mount}
        initialSort={{ key: 'used', direction: 'descending' }}
      />
      <Table
        caption="Nothing in it"
        isCaptionHidden
        columns={COLUMNS}
        rows={[]}
        rowKey={(disk) => disk.mount}
        empty="No file system is mounted."
      />
      <KeyValues>
        <KeyValue name="Site">Berlin</KeyValue>
        <KeyValue name="Address">10.0.0.12:22</KeyValue>
        <KeyValue name="Polled">
          <Age at={NOW - 30_000} now={NOW} intervalMs={60_000} />
        </KeyValue>
        <KeyValue name="Sorted">
          <SortArrow direction="ascending" /> <SortArrow direction="descending" />
        </KeyValue>
      </KeyValues>
      <ScrollArea label="A long line">
        <pre className="m-0 w-[60rem] text-xs">{'0123456789 '.repeat(12)}</pre>
      </ScrollArea>
    </Part>
  );
}

function Marks() {
  return (
    <Part name="StatusMark, Age, Tag, Badge, Kbd">
      <Row>
        {STATUSES.map((status) => (
          <StatusMark key={status} status={status} />
        ))}
        <StatusShape status="down" />
        <SimulatedMark />
      </Row>
      <Row>
        <Age at={NOW - 1_000} now={NOW} intervalMs={60_000} />
        <Age at={NOW - 100_000} now={NOW} intervalMs={60_000} />
        <Age at={NOW - 7_500_000} now={NOW} intervalMs={60_000} />
        <Age at={null} now={NOW} intervalMs={60_000} />
        <StalenessMark text="Inventory of 3 May" />
      </Row>
      <Row>
        {TONES.map((tone) => (
          <Tag key={tone} text={tone} tone={tone} />
        ))}
        <Tag text="sql" icon="tag" onRemove={nothing} />
        <span className="inline-block max-w-24">
          <Tag text="a-very-long-tag-that-is-cut" />
        </span>
      </Row>
      <Row>
        <Badge count={12} label="12 devices" />
        <Badge count={4} label="4 down" tone="down" />
        <Badge count={2500} label="2,500 new" tone="accent" />
        <Kbd keys="g f" />
        <Kbd keys="Ctrl+K" />
      </Row>
    </Part>
  );
}

function Charts() {
  const wave = Array.from({ length: 48 }, (_, index) =>
    index > 20 && index < 25 ? null : 0.4 + 0.3 * Math.sin(index / 4),
  );
  return (
    <Part name="Meter, Sparkline, HeatStrip, Progress">
      <Row>
        <Meter ratio={0.34} />
        <Meter ratio={0.95} />
        <Meter ratio={0.5} isDim />
        <span className="w-24">
          <Bar ratio={0.7} />
        </span>
        <Sparkline values={wave} max={1} label="CPU of the last day" />
        <Amount value={1_536_000} unit="bytes/s" />
      </Row>
      <HeatStrip
        summary="Up 96% of 24 h, down 4 times, not polled for 45 min"
        cells={Array.from({ length: 72 }, (_, index) => ({ key: index, level: levelOf(index), text: levelOf(index) }))}
      />
      <Row>
        {LEVELS.map((level) => (
          <span key={level} className="inline-flex items-center gap-1 text-xs text-muted">
            <HeatStrip className="h-4 w-1.5" summary={level} cells={[{ key: level, level, text: level }]} />
            {level}
          </span>
        ))}
      </Row>
      <Progress label="Importing" ratio={0.31} text="3,100 of 10,000 rows" />
      <Progress label="Exporting" ratio={1} />
      <Progress label="Searching the network" ratio={undefined} />
    </Part>
  );
}

function Waiting() {
  return (
    <Part name="SkeletonRows, SkeletonBlock, FaultNote, CopyBox">
      <SkeletonRows label="Reading the fleet" />
      <SkeletonBlock className="h-10" />
      <FaultNote what="The fleet could not be read." error={new Error('no answer')} onRetry={nothing} />
      <CopyBox
        label="Command that enrols the relay"
        text="rmm relay enrol --console https://console.example:8444 --token k3-29fj-2l9d-8s7c-1a"
      />
    </Part>
  );
}
