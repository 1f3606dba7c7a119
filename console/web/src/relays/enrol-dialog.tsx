// Lets a relay in: a token, the command that uses it, and a mark that turns green when the relay is linked.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import type { RelayRow } from '#console/web/src/fleet/relays.ts';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { RadioGroup } from '#console/web/src/ui/choice.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { t } from './text.ts';
import { type ShownToken, TokenSteps } from './token-steps.tsx';

const HOUR_MS = 3_600_000;

const isWhole = (text: string, most: number): boolean =>
  /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= most;

interface EnrolDialogProps {
  /** Chosen from the start, for a page of one site. */
  siteId?: string | undefined;
  onClose: () => void;
}

/** Its content begins anew each time it is opened: mount it to open it. */
export function EnrolDialog({ siteId, onClose }: EnrolDialogProps) {
  const sites = useSites();
  const [site, setSite] = useState(siteId ?? '');
  const [kind, setKind] = useState<'site' | 'leaf'>('site');
  const [uses, setUses] = useState('1');
  const [hours, setHours] = useState('1');
  const isFilled = site !== '' && isWhole(hours, 24) && (kind === 'site' || isWhole(uses, 1_000));
  const making = useToken(() =>
    api.relays.createToken({
      siteId: site,
      kind,
      uses: kind === 'site' ? 1 : Number(uses),
      expiresInMs: Number(hours) * HOUR_MS,
    }),
  );
  const items = sites.data ?? [];
  return (
    <TokenDialog
      title={t('enrol')}
      onClose={onClose}
      making={making}
      isFilled={isFilled}
      place={{ siteId: site, isLeaf: kind === 'leaf' }}
    >
      {sites.data !== undefined && items.length === 0 ? (
        <p>{t('noSites')}</p>
      ) : (
        <>
          <Select
            label={t('forSite')}
            options={items.map((one) => ({ value: one.id, label: `${one.name} · ${one.customerName}` }))}
            value={site}
            onChoose={setSite}
            placeholder={t('chooseSite')}
          />
          <RadioGroup
            label={t('kind')}
            options={[
              { value: 'site', label: t('kindSite'), hint: t('kindSiteHint') },
              { value: 'leaf', label: t('kindLeaf'), hint: t('kindLeafHint') },
            ]}
            value={kind}
            onChoose={setKind}
          />
          {kind === 'leaf' && (
            <TextField
              label={t('uses')}
              value={uses}
              onText={setUses}
              inputMode="numeric"
              error={isWhole(uses, 1_000) ? '' : t('usesRange')}
            />
          )}
          <TextField
            label={t('hours')}
            value={hours}
            onText={setHours}
            inputMode="numeric"
            error={isWhole(hours, 24) ? '' : t('hoursRange')}
          />
        </>
      )}
    </TokenDialog>
  );
}

export function ReplaceDialog({ relay, onClose }: { relay: RelayRow; onClose: () => void }) {
  const making = useToken(() => api.relays.replace({ id: relay.id, expiresInMs: HOUR_MS }));
  return (
    <TokenDialog
      title={t('replaceTitle', { relay: relay.name })}
      onClose={onClose}
      making={making}
      isFilled
      place={{ siteId: relay.siteId, isLeaf: false }}
    >
      <p>{t('replaceBody', { relay: relay.name })}</p>
    </TokenDialog>
  );
}

interface Making {
  token: ShownToken | undefined;
  isBusy: boolean;
  error: string;
  make: () => void;
}

function useToken(ask: () => Promise<ShownToken>): Making {
  const [token, setToken] = useState<ShownToken | undefined>(undefined);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState('');
  const make = async () => {
    setIsBusy(true);
    setError('');
    try {
      setToken(await ask());
    } catch (fault) {
      setError(`${t('tokenFault')} ${faultText(fault)}`);
    } finally {
      setIsBusy(false);
    }
  };
  return { token, isBusy, error, make: () => void make() };
}

interface TokenDialogProps {
  title: string;
  onClose: () => void;
  making: Making;
  isFilled: boolean;
  place: { siteId: string; isLeaf: boolean };
  children: React.ReactNode;
}

function TokenDialog({ title, onClose, making, isFilled, place, children }: TokenDialogProps) {
  const { token, isBusy, error, make } = making;
  if (token !== undefined)
    return (
      <Dialog
        isOpen
        title={title}
        onClose={onClose}
        footer={
          <Button kind="primary" onClick={onClose}>
            {t('done')}
          </Button>
        }
      >
        <TokenSteps token={token} place={place} />
      </Dialog>
    );
  return (
    <Dialog
      isOpen
      title={title}
      onClose={onClose}
      onSubmit={() => {
        if (isFilled) make();
      }}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('makeToken')} isBusy={isBusy} isIdle={!isFilled} onClose={onClose} />}
    >
      {children}
      {error !== '' && (
        <p role="alert" className="text-down">
          {error}
        </p>
      )}
    </Dialog>
  );
}
