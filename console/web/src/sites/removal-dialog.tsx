// Asks before a site or a customer goes: what goes with it is counted, and the number of devices is typed.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { faultText } from '#console/web/src/api/fault.ts';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import type { Removal } from '#shared/contract/site-contract.ts';
import { t } from './text.ts';

interface RemovalDialogProps {
  kind: 'site' | 'customer';
  id: string;
  name: string;
  read: (signal: AbortSignal) => Promise<Removal>;
  /** Told how many devices are meant: the console refuses when it is another number now. */
  remove: (devices: number) => Promise<Removal>;
  onClose: () => void;
  /** Leaves the page of what went, before anything asks for it again. */
  onRemoved?: () => Promise<void>;
}

/** Mount it to open it. */
export function RemovalDialog({ kind, id, name, read, remove, onClose, onRemoved }: RemovalDialogProps) {
  const queries = useQueryClient();
  const counts = useQuery({ queryKey: ['removal', kind, id], queryFn: ({ signal }) => read(signal), gcTime: 0 });
  const removing = useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      toast.say(t(kind === 'site' ? 'siteRemoved' : 'customerRemoved', { name }));
      onClose();
      await onRemoved?.();
      queries.removeQueries({ queryKey: ['sites', id] });
      for (const key of ['sites', 'customers', 'overview', 'relays', 'fleet', 'status'])
        void queries.invalidateQueries({ queryKey: [key] });
    },
    // Most likely devices came or went: what is shown is counted again.
    onError: () => void counts.refetch(),
  });
  const { data } = counts;
  return (
    <ConfirmDialog
      isOpen
      title={t(kind === 'site' ? 'removeSiteTitle' : 'removeCustomerTitle', { name })}
      confirmText={t(kind === 'site' ? 'removeSite' : 'removeCustomer')}
      // Until the counts are known nothing that can be typed is right.
      {...(data === undefined ? { word: UNKNOWN } : data.devices > 0 ? { word: String(data.devices) } : {})}
      isBusy={removing.isPending}
      error={removing.error === null ? '' : faultText(removing.error)}
      onClose={onClose}
      onConfirm={() => {
        if (data !== undefined) removing.mutate(data.devices);
      }}
    >
      {counts.isError && data === undefined && (
        <FaultNote what={t('countsNotRead')} error={counts.error} onRetry={() => void counts.refetch()} />
      )}
      {counts.isPending && <SkeletonRows label={t('counting')} />}
      {data !== undefined && <Losses kind={kind} counts={data} />}
    </ConfirmDialog>
  );
}

const UNKNOWN = '…';

function Losses({ kind, counts }: { kind: 'site' | 'customer'; counts: Removal }) {
  const lines = [
    kind === 'customer' && counts.sites > 0 && t('sites', { count: counts.sites }),
    counts.relays > 0 && t('losesRelays', { count: counts.relays }),
    counts.devices > 0 && t('losesDevices', { count: counts.devices }),
    counts.facts > 0 && t('losesFacts', { count: counts.facts }),
    counts.openActions > 0 && t('losesActions', { count: counts.openActions }),
  ].filter((line) => line !== false);
  if (lines.length === 0) return <p>{t('losesNothing')}</p>;
  return (
    <>
      <p>{t('losesIntro')}</p>
      <ul className="m-0 list-disc space-y-1 pl-5">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="text-muted">{t('losesKept')}</p>
      {counts.devices > 0 && <p>{t('typeDevices')}</p>}
    </>
  );
}
