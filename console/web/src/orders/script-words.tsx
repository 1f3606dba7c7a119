// A script of the library inside an order, in full: its name and hash, what it is told, and every text that would run.
import { inert, inertLines } from '#shared/base/inert-text.ts';
import type { ScriptAction } from '#shared/model/manifest.ts';
import { t } from './text.ts';

const PARTS = ['before', 'text', 'rollback', 'after'] as const;
const TITLES = {
  before: 'scriptBefore',
  text: 'scriptText',
  rollback: 'scriptRollback',
  after: 'scriptAfter',
} as const satisfies Record<(typeof PARTS)[number], string>;

/** Members as they stand in the text that was signed: relays check its form, here it is shown whatever it is. */
function membersOf(script: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(script);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return { text: script };
  }
}

export function scriptLine({ name, arguments: { script } }: ScriptAction): string {
  const { name: title, version } = membersOf(script);
  const what = t('runsScript', { name: inert(String(title)), version: inert(String(version)) });
  return name === 'script.run' ? what : `${what} ${t('scriptUnreviewed')}`;
}

export function ScriptWords({ action }: { action: ScriptAction }) {
  const { script, hash, values } = action.arguments;
  const members = membersOf(script);
  const vars = Array.isArray(members.vars) ? members.vars.map(String) : [];
  return (
    <>
      <p className="mt-0 mb-1">{scriptLine(action)}</p>
      <p className="mt-0 mb-1 text-muted wrap-anywhere">
        {t('scriptHash', { shell: inert(String(members.shell)), hash })}
      </p>
      {Object.entries(values).map(([name, value]) => (
        <p key={name} className="my-0 wrap-anywhere">{`${name} = ${inert(value)}`}</p>
      ))}
      {vars.length > 0 && <p className="my-1 wrap-anywhere">{t('withVariables', { names: inert(vars.join(', ')) })}</p>}
      {PARTS.map((part) => {
        const body = members[part];
        if (typeof body !== 'string') return null;
        return (
          <div key={part}>
            <p className="mt-1 mb-1">{t(TITLES[part])}</p>
            <pre className="order-text">{inertLines(body)}</pre>
          </div>
        );
      })}
    </>
  );
}
