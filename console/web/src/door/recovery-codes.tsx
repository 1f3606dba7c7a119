// Recovery codes: made when asked for, shown once, and gone from the page when the person says that they are kept.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { saveFile } from '#console/web/src/transfer/file-text.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { profileQuery } from './profile-data.ts';
import { t } from './text.ts';

interface RecoveryCodesProps {
  onKept: () => void;
  /** Where one may leave when none could be made. */
  onFailed?: () => void;
}

export function RecoveryCodes({ onKept, onFailed }: RecoveryCodesProps) {
  const queries = useQueryClient();
  const { mutate, data, error } = useMutation({
    mutationFn: () => api.profile.newRecoveryCodes(),
    onSuccess: () => queries.invalidateQueries({ queryKey: profileQuery.queryKey }),
  });
  const isAsked = useRef(false);
  const [areKept, setAreKept] = useState(false);
  useEffect(() => {
    // Codes made twice would void those that are shown first.
    if (!isAsked.current) mutate();
    isAsked.current = true;
  }, [mutate]);
  if (error !== null)
    return (
      <>
        <FaultNote what="" error={error} onRetry={() => mutate()} />
        {onFailed !== undefined && <Button onClick={onFailed}>{t('cancel')}</Button>}
      </>
    );
  if (data === undefined) return <SkeletonBlock className="h-64" />;
  const text = data.codes.join('\n');
  const save = () => saveFile(new Blob([`${text}\n`], { type: 'text/plain' }), 'rmm-recovery-codes.txt');
  return (
    <div className="grid gap-3">
      <p className="m-0 max-w-prose">{t('recoveryBody')}</p>
      <CopyBox label={t('recoveryCodes')} text={text} />
      <Checkbox label={t('recoveryKept')} isOn={areKept} onChange={setAreKept} />
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" disabled={!areKept} onClick={onKept}>
          {t('done')}
        </Button>
        <Button icon="download" onClick={save}>
          {t('recoverySave')}
        </Button>
      </div>
    </div>
  );
}
