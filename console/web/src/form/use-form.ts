// A small controlled form: what was typed, what is wrong with which field, and one save at a time.
import { useCallback, useEffect, useRef, useState } from 'react';
import { type FormFaults, faultsOf, NO_FAULTS } from './form-faults.ts';

interface FormAsk<Draft, Saved> {
  initial: Draft;
  /** Names of the fields on the page: faults of others stand below the form. */
  fields: readonly string[];
  /** What can be seen without asking the console, by field. */
  check?: (draft: Draft) => Record<string, string>;
  save: (draft: Draft) => Promise<Saved>;
  onSaved: (saved: Saved, draft: Draft) => void;
}

export interface Form<Draft> {
  draft: Draft;
  change: (patch: Partial<Draft>) => void;
  /** What is wrong with a field; empty when nothing is. */
  errorOf: (field: string) => string;
  /** What is wrong beside the fields. */
  fault: string;
  isBusy: boolean;
  isChanged: boolean;
  submit: () => void;
}

export function useForm<Draft extends object, Saved>(ask: FormAsk<Draft, Saved>): Form<Draft> {
  const [draft, setDraft] = useState(ask.initial);
  const [faults, setFaults] = useState<FormFaults>(NO_FAULTS);
  const [isBusy, setIsBusy] = useState(false);
  const [isChanged, setIsChanged] = useState(false);
  useFirstFault(faults);
  const change = useCallback((patch: Partial<Draft>) => {
    setIsChanged(true);
    setDraft((former) => ({ ...former, ...patch }));
    // What is being mended is no longer wrong; whether it is right, the next save says.
    setFaults(({ byField, rest }) => {
      const kept = Object.entries(byField).filter(([field]) => !Object.keys(patch).some((key) => isWithin(field, key)));
      return { byField: Object.fromEntries(kept), rest };
    });
  }, []);
  const submit = async () => {
    const seen = ask.check?.(draft) ?? {};
    if (Object.keys(seen).length > 0) return setFaults({ byField: seen, rest: '' });
    setIsBusy(true);
    setFaults(NO_FAULTS);
    try {
      ask.onSaved(await ask.save(draft), draft);
    } catch (error) {
      setFaults(faultsOf(error, ask.fields));
    } finally {
      setIsBusy(false);
    }
  };
  return {
    draft,
    change,
    errorOf: (field) => faults.byField[field] ?? '',
    fault: faults.rest,
    isBusy,
    isChanged,
    submit: () => {
      if (!isBusy) void submit();
    },
  };
}

/** A draft's member may stand inside of another in the input, as "port" in "defaults.port", or hold others, as "contact". */
const isWithin = (field: string, name: string): boolean => field.split('.').includes(name);

/** Whoever saved in vain is led to the first field to mend. */
function useFirstFault(faults: FormFaults): void {
  const known = useRef(faults);
  useEffect(() => {
    const isNew = Object.keys(faults.byField).length > Object.keys(known.current.byField).length;
    known.current = faults;
    if (isNew) document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);
}
