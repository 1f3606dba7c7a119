// A new password, typed once and shown when one wants to see it.
import { type FormEvent, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { useForm } from '#console/web/src/form/use-form.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { MIN_PASSWORD } from './password-rule.ts';
import { useTakeProfile } from './profile-data.ts';
import { t } from './text.ts';

interface PasswordFormProps {
  /** Lets password managers keep both together. */
  name: string;
  onSet: () => void;
  onCancel?: () => void;
}

export function PasswordForm({ name, onSet, onCancel }: PasswordFormProps) {
  const take = useTakeProfile();
  const [isShown, setIsShown] = useState(false);
  const { draft, change, errorOf, fault, isBusy, submit } = useForm({
    initial: { password: '' },
    fields: ['password'],
    check: ({ password }): Record<string, string> =>
      password.length < MIN_PASSWORD ? { password: t('passwordShort', { count: MIN_PASSWORD }) } : {},
    save: (wish) => api.profile.putPassword(wish),
    onSaved: (profile) => {
      take(profile);
      onSet();
    },
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <form noValidate className="grid gap-3" onSubmit={onSubmit}>
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <TextField
        label={t('newPassword')}
        hint={t('newPasswordHint', { count: MIN_PASSWORD })}
        type={isShown ? 'text' : 'password'}
        autoComplete="new-password"
        autoCapitalize="off"
        spellCheck={false}
        autoFocus
        maxLength={256}
        value={draft.password}
        error={errorOf('password')}
        onText={(password) => change({ password })}
      />
      <Checkbox label={t('showPassword')} isOn={isShown} onChange={setIsShown} />
      <FormFault text={fault} />
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {t('setPassword')}
        </Button>
        {onCancel !== undefined && <Button onClick={onCancel}>{t('cancel')}</Button>}
      </div>
    </form>
  );
}
