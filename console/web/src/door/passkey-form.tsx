// Makes a passkey to sign in with: a name, one press, and the device asks for the finger or the code.
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { passkeyObstacle } from '#console/web/src/signing/passkey-place.ts';
import { t as signingText } from '#console/web/src/signing/text.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { doorFault } from './door-fault.ts';
import { makeSignInPasskey } from './passkey-browser.ts';
import { useTakeProfile } from './profile-data.ts';
import { t } from './text.ts';

async function makeAndKeep(name: string) {
  const made = await makeSignInPasskey(await api.profile.passkeyChallenge());
  return api.profile.addPasskey({ name: name.trim() === '' ? t('usualName') : name.trim(), ...made });
}

export function PasskeyForm({ isSmall = false, onMade }: { isSmall?: boolean; onMade: () => void }) {
  const take = useTakeProfile();
  const [name, setName] = useState('');
  const obstacle = passkeyObstacle();
  const making = useMutation({
    mutationFn: () => makeAndKeep(name),
    onSuccess: (profile) => {
      take(profile);
      setName('');
      onMade();
    },
  });
  if (obstacle !== undefined) return <p className="m-0 max-w-prose text-muted">{signingText(obstacle)}</p>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!making.isPending) making.mutate();
  };
  return (
    <form noValidate className="grid max-w-md gap-3" onSubmit={submit}>
      <TextField label={t('passkeyName')} hint={t('passkeyNameHint')} maxLength={60} value={name} onText={setName} />
      <FormFault text={making.error === null ? '' : doorFault(making.error)} />
      <div>
        <Button kind={isSmall ? 'plain' : 'primary'} icon="lock" type="submit" isBusy={making.isPending}>
          {t('makePasskey')}
        </Button>
      </div>
    </form>
  );
}
