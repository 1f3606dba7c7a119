// Checks of a machine: each with its verdict as a word, what it is about, and the sentence it rests on.
import type { DeviceData, Fact } from '#console/web/src/device/device-data.ts';
import { FactSource } from '#console/web/src/device/fact-source.tsx';
import { FactValue } from '#console/web/src/device/fact-value.tsx';
import { unknownIn } from '#console/web/src/device/facts.ts';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import { type Check, checksOf, scoreOf, type Verdict } from './check-list.ts';
import { en } from './text.en.ts';
import { t } from './text.ts';
import { UnknownNote } from './unknown-note.tsx';

interface ChecksPartProps {
  title: string;
  fact: Fact;
  device: DeviceData;
  hasScore?: boolean;
}

export function ChecksPart({ title, fact, device, hasScore = false }: ChecksPartProps) {
  return (
    <section className="panel min-w-0 p-3" aria-label={title}>
      <h2 className="section-title mb-1">{title}</h2>
      <FactSource fact={fact} device={device} />
      <Body fact={fact} hasScore={hasScore} />
    </section>
  );
}

function Body({ fact, hasScore }: { fact: Fact; hasScore: boolean }) {
  const unknown = unknownIn(fact);
  if (unknown !== undefined) return <UnknownNote reason={unknown} />;
  const checks = checksOf(fact);
  // Of a later release: shown as it came rather than not at all.
  if (checks === undefined) return <FactValue value={fact.body} />;
  return (
    <>
      {hasScore && <ScoreLine checks={checks} />}
      <ul className="m-0 list-none p-0">
        {checks.map((check) => (
          <CheckLine key={check.id} check={check} />
        ))}
      </ul>
    </>
  );
}

function ScoreLine({ checks }: { checks: readonly Check[] }) {
  const { score, good, known, unknown } = scoreOf(checks);
  return (
    <p className="mt-0 mb-2">
      {score === undefined ? t('scoreUnknown') : t('score', { score, good, known })}
      {unknown > 0 && score !== undefined && <span className="text-muted">, {t('notKnown', { count: unknown })}</span>}
    </p>
  );
}

const LOOKS: Readonly<Record<Verdict, readonly [icon: IconName, tone: string]>> = {
  yes: ['check', 'text-up'],
  no: ['warning', 'text-down'],
  unknown: ['info', 'text-muted'],
};

function CheckLine({ check: { id, verdict, evidence } }: { check: Check }) {
  const [icon, tone] = LOOKS[verdict];
  return (
    <li className="grid grid-cols-1 gap-x-4 border-t border-line py-1.5 sm:grid-cols-[8rem_14rem_minmax(0,1fr)]">
      <span className={`inline-flex items-center gap-1.5 ${tone}`}>
        <Icon name={icon} className="size-3.5" />
        {t(`verdict_${verdict}`)}
      </span>
      <span className="font-medium wrap-anywhere">{checkName(id)}</span>
      <span className="wrap-anywhere text-muted">{evidence}</span>
    </li>
  );
}

type CheckId = keyof typeof en extends infer Key ? (Key extends `check_${infer Id}` ? Id : never) : never;
const isKnown = (id: string): id is CheckId => Object.hasOwn(en, `check_${id}`);
/** A check of a later release is called as the relay calls it. */
const checkName = (id: string): string => (isKnown(id) ? t(`check_${id}`) : id);
