// A form that makes one of what is kept, or changes it as a whole, and says so.
import { type Form, useForm } from '#console/web/src/form/use-form.ts';
import { toast } from '#console/web/src/ui/toast.ts';
import { useReread } from './notify-data.ts';
import { t } from './text.ts';

interface KeptFormAsk<Draft, Value> {
  initial: Draft;
  fields: readonly string[];
  check: (draft: Draft) => Record<string, string>;
  /** As the API takes it. */
  toWish: (draft: Draft) => Value;
  save: (value: Value) => Promise<{ name: string }>;
  onClose: () => void;
}

export function useKeptForm<Draft extends object, Value>(ask: KeptFormAsk<Draft, Value>): Form<Draft> {
  const reread = useReread();
  const form = useForm<Draft, { name: string }>({
    initial: ask.initial,
    // A change names its fields below `value`.
    fields: [...ask.fields, ...ask.fields.map((field) => `value.${field}`)],
    check: ask.check,
    save: (draft) => ask.save(ask.toWish(draft)),
    onSaved: ({ name }) => {
      toast.say(t('saved', { name }));
      reread();
      ask.onClose();
    },
  });
  return { ...form, errorOf: (field) => form.errorOf(field) || form.errorOf(`value.${field}`) };
}
