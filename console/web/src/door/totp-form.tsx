// An authenticator app: its secret as a picture, as a text and as a link, and the code that shows that the app has it.
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { useTakeProfile } from './profile-data.ts';
import { t } from './text.ts';
import { TotpPicture } from './totp-picture.tsx';

interface TotpFormProps {
  onConfirmed: () => void;
  onCancel?: () => void;
}

/** In groups of four, as one reads it out; apps ignore the spaces. */
const grouped = (secret: string): string => secret.replaceAll(/(.{4})(?=.)/g, '$1 ');

export function TotpForm(props: TotpFormProps) {
  const { mutate, data, error } = useMutation({ mutationFn: () => api.profile.newTotp() });
  const isAsked = useRef(false);
  useEffect(() => {
    // A secret is made once for each form, also where effects run twice.
    if (!isAsked.current) mutate();
    isAsked.current = true;
  }, [mutate]);
  if (error !== null) return <FaultNote what="" error={error} onRetry={() => mutate()} />;
  if (data === undefined) return <SkeletonBlock className="h-96" />;
  return <Confirm {...props} secret={data.secret} uri={data.uri} />;
}

function useConfirming(onConfirmed: () => void) {
  const take = useTakeProfile();
  const [code, setCode] = useState('');
  const confirming = useMutation({
    mutationFn: () => api.profile.confirmTotp({ code: code.trim() }),
    onSuccess: (profile) => {
      take(profile);
      onConfirmed();
    },
    onError: () => setCode(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim().length >= 6 && !confirming.isPending) confirming.mutate();
  };
  return { code, setCode, submit, isBusy: confirming.isPending, error: confirming.error };
}

function Confirm({ secret, uri, onConfirmed, onCancel }: TotpFormProps & { secret: string; uri: string }) {
  const { code, setCode, submit, isBusy, error } = useConfirming(onConfirmed);
  return (
    <form noValidate className="grid gap-3" onSubmit={submit}>
      <p className="m-0">{t('appScan')}</p>
      <TotpPicture uri={uri} />
      <p className="m-0">{t('appByHand')}</p>
      <CopyBox label={t('appKey')} text={grouped(secret)} />
      <details>
        <summary className="flex min-h-8 cursor-pointer items-center gap-2 text-muted">
          <span className="fold-arrow" aria-hidden="true" />
          {t('appLink')}
        </summary>
        <CopyBox label={t('appUri')} text={uri} />
      </details>
      <TextField
        label={t('appCode')}
        hint={t('appExpires')}
        inputMode="numeric"
        autoComplete="one-time-code"
        spellCheck={false}
        autoFocus
        maxLength={10}
        value={code}
        onText={setCode}
      />
      <FormFault text={error === null ? '' : faultText(error)} />
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" type="submit" isBusy={isBusy} disabled={code.trim().length < 6}>
          {t('confirmApp')}
        </Button>
        {onCancel !== undefined && <Button onClick={onCancel}>{t('cancel')}</Button>}
      </div>
    </form>
  );
}
