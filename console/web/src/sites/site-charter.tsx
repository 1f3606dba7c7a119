// The charter of a site: whose signatures its relays obey, and until when. It is read here and signed elsewhere.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '#console/web/src/api/api.ts';
import { isMissing } from '#console/web/src/api/fault.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { agoText, dateOf } from '#console/web/src/text/time.ts';
import { StalenessMark } from '#console/web/src/ui/age.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { charterFacts } from './charter-facts.ts';
import { t } from './text.ts';

/** A month: signing a new one takes the owners some days. */
const SOON_MS = 30 * 86_400_000;

export function SiteCharter({ siteId }: { siteId: string }) {
  const now = useFiveSeconds();
  const read = useQuery({
    queryKey: ['sites', siteId, 'charter'],
    queryFn: ({ signal }) => api.sites.charter({ id: siteId }, { signal }),
  });
  const facts = read.data === undefined ? undefined : charterFacts(read.data.signed.charter);
  return (
    <section className="panel p-3">
      <h2 className="section-title mb-2">{t('charter')}</h2>
      {read.isPending && <SkeletonBlock className="h-22" />}
      {isMissing(read.error) && <p className="m-0 text-muted">{t('noCharter')}</p>}
      {read.isError && !isMissing(read.error) && (
        <FaultNote what={t('charterNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data !== undefined && (
        <KeyValues>
          <KeyValue name={t('version')}>{read.data.version}</KeyValue>
          {facts !== undefined && (
            <>
              <KeyValue name={t('validUntil')}>
                {facts.expiresAt - now < SOON_MS ? (
                  <StalenessMark text={`${dateOf(facts.expiresAt)}, ${agoText(facts.expiresAt, now)}`} />
                ) : (
                  dateOf(facts.expiresAt)
                )}
              </KeyValue>
              <KeyValue name={t('owners')}>{facts.owners}</KeyValue>
              <KeyValue name={t('signers')}>{facts.signers}</KeyValue>
            </>
          )}
        </KeyValues>
      )}
      <p className="mt-2 mb-0 text-xs text-muted">{t('charterHint')}</p>
      {read.data !== undefined && (
        <p className="mt-2 mb-0">
          <Link to="/signers">{t('whoMaySign')}</Link>
        </p>
      )}
    </section>
  );
}
