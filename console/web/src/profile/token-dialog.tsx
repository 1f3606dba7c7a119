// Makes a token: what it is for, what it may do, over what, how long and from where; then its secret, once.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { useForm } from '#console/web/src/form/use-form.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { OverField } from '#console/web/src/rights/over-field.tsx';
import { EVERYTHING, overOf } from '#console/web/src/rights/over-words.ts';
import { heldVerbNames, VerbChoice } from '#console/web/src/rights/verb-choice.tsx';
import { dateOf } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { RadioGroup } from '#console/web/src/ui/choice.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { t } from './text.ts';
import { DAY_MS, DAYS, type TokenDraft, tokenAsk, wordsOf } from './token-draft.ts';

interface TokenDialogProps {
  onMade: () => void;
  onClose: () => void;
}

const INITIAL: TokenDraft = { name: '', days: 30, what: 'reads', verbs: [], over: EVERYTHING, addresses: '' };

function check(draft: TokenDraft): Record<string, string> {
  const faults: Record<string, string> = {};
  if (draft.name.trim() === '') faults['name'] = t('nameMissing');
  if (draft.what === 'some' && draft.verbs.length === 0) faults['verbs'] = t('verbsMissing');
  if (overOf(draft.over) === undefined) faults['over'] = t('whichMissing');
  return faults;
}

export function TokenDialog({ onMade, onClose }: TokenDialogProps) {
  const [made, setMade] = useState<{ name: string; secret: string }>();
  const form = useForm({
    initial: INITIAL,
    fields: ['name', 'verbs', 'over', 'addresses'],
    check,
    save: (draft) => api.tokens.create(tokenAsk(draft, heldVerbNames(), consoleNow())),
    onSaved: ({ token, secret }) => {
      setMade({ name: token.name, secret });
      onMade();
    },
  });
  if (made !== undefined) return <Made {...made} onClose={onClose} />;
  return (
    <Dialog
      isOpen
      title={t('newTokenTitle')}
      onClose={onClose}
      onSubmit={form.submit}
      isHeld={form.isBusy}
      footer={<SaveFooter verb={t('make')} isBusy={form.isBusy} onClose={onClose} />}
    >
      <Fields form={form} />
      <p className="text-xs text-muted">{t('stepNote')}</p>
      <FormFault text={form.fault} />
    </Dialog>
  );
}

const dayOption = (days: number) => ({
  value: String(days),
  label: t('validUntil', { time: t('days', { count: days }), date: dateOf(consoleNow() + days * DAY_MS) }),
});

type Form = ReturnType<typeof useForm<TokenDraft, unknown>>;

function Fields({ form: { draft, change, errorOf } }: { form: Form }) {
  return (
    <>
      <TextField
        label={t('tokenName')}
        hint={t('tokenNameHint')}
        value={draft.name}
        maxLength={120}
        error={errorOf('name')}
        onText={(name) => change({ name })}
      />
      <Select
        label={t('validFor')}
        options={DAYS.map(dayOption)}
        value={String(draft.days)}
        onChoose={(days) => change({ days: Number(days) })}
      />
      <RadioGroup
        label={t('verbs')}
        options={[
          { value: 'reads', label: t('verbsReads') },
          { value: 'all', label: t('verbsAll') },
          { value: 'some', label: t('verbsSome') },
        ]}
        value={draft.what}
        onChoose={(what) => change({ what })}
      />
      {draft.what === 'some' && (
        <VerbChoice
          label={t('verbsSome')}
          chosen={draft.verbs}
          error={errorOf('verbs')}
          onChange={(verbs) => change({ verbs })}
        />
      )}
      <OverField chosen={draft.over} error={errorOf('over')} onChange={(over) => change({ over })} />
      <TextField
        label={t('addressList')}
        hint={t('addressHint')}
        isCode
        value={draft.addresses}
        error={errorOf('addresses')}
        onText={(addresses) => change({ addresses })}
        onBlur={() => change({ addresses: wordsOf(draft.addresses).join(' ') })}
      />
    </>
  );
}

function Made({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  return (
    <Dialog
      isOpen
      isHeld
      title={t('madeTitle', { name })}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t('dropIt')}
        </Button>
      }
    >
      <p>{t('madeBody')}</p>
      <CopyBox label={t('tokenSecret')} text={secret} />
    </Dialog>
  );
}
