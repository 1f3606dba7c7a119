// Single verbs, ticked from all that the console knows and this person holds; each with what it lets one do.
import { operations } from 'virtual:contract-operations';
import { useMemo, useState } from 'react';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { may } from './may.ts';
import { t } from './text.ts';
import { sentenceOfVerb } from './verb-sentences.ts';

/** Everybody has these for themselves; no grant and no token names them. */
const OWN = /^(?:public|nobody|profile\..*|session\..*)$/;

interface KnownVerb {
  verb: string;
  isDangerous: boolean;
}

const allVerbs = (): KnownVerb[] => {
  const found = new Map<string, boolean>();
  for (const { permission, isDangerous } of Object.values(operations))
    if (!OWN.test(permission)) found.set(permission, isDangerous || found.get(permission) === true);
  return [...found].map(([verb, isDangerous]) => ({ verb, isDangerous })).sort((a, b) => (a.verb < b.verb ? -1 : 1));
};

const heldVerbs = (): KnownVerb[] => allVerbs().filter(({ verb }) => may(verb));
export const heldVerbNames = (): string[] => heldVerbs().map(({ verb }) => verb);

interface VerbChoiceProps {
  label: string;
  chosen: readonly string[];
  error?: string;
  onChange: (chosen: string[]) => void;
}

export function VerbChoice({ label, chosen, error = '', onChange }: VerbChoiceProps) {
  const [text, setText] = useState('');
  const verbs = useMemo(heldVerbs, []);
  const word = text.trim().toLowerCase();
  const fits = ({ verb }: KnownVerb) => `${verb} ${sentenceOfVerb(verb)}`.toLowerCase().includes(word);
  const shown = verbs.filter((one) => word === '' || fits(one));
  return (
    <fieldset className="field-row form-wide">
      <legend className="field-label mb-1">{label}</legend>
      <TextField label={t('filterVerbs')} isLabelHidden placeholder={t('filterVerbs')} value={text} onText={setText} />
      <div className="grid max-h-56 overflow-y-auto rounded-md border border-line px-2 py-1" tabIndex={-1}>
        {shown.map(({ verb, isDangerous }) => (
          <Checkbox
            key={verb}
            label={
              <>
                <span className="font-mono text-xs">{verb}</span>
                {isDangerous && <span className="ml-2 text-xs text-changed">{t('dangerous')}</span>}
              </>
            }
            hint={sentenceOfVerb(verb)}
            isOn={chosen.includes(verb)}
            onChange={(isOn) => onChange(isOn ? [...chosen, verb] : chosen.filter((one) => one !== verb))}
          />
        ))}
      </div>
      <p className="field-hint" role="status">
        {t('chosenVerbs', { count: chosen.length })}
      </p>
      {error !== '' && (
        <p role="alert" className="field-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}
