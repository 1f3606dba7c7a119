// What other programs scrape: the console about itself, the newest values of a site, and where both are found.
import { z } from 'zod';
import { SiteId } from '#shared/base/id.ts';
import { operation, reads } from './meta.ts';

const TAGS = ['Exposition'];

/** What Prometheus' `http_sd_configs` reads. */
export const ScrapeTargets = z.array(
  z.object({
    targets: z.array(z.string()),
    /** `__scheme__`, `__metrics_path__`, and `__meta_rmm_...` for relabelling. */
    labels: z.record(z.string(), z.string()),
  }),
);
export type ScrapeTargets = z.infer<typeof ScrapeTargets>;

export const expositionContract = {
  console: operation
    .meta(reads('system.read'))
    .route({
      method: 'GET',
      path: '/exposition/console',
      summary: 'The console about itself in the text format of Prometheus; /metrics is the same',
      tags: TAGS,
    })
    .output(z.file()),
  site: operation
    .meta(reads('metric.read'))
    .route({
      method: 'GET',
      path: '/exposition/sites/{id}',
      summary: 'The newest values of the devices of a site in the text format of Prometheus',
      tags: TAGS,
    })
    .input(z.object({ id: SiteId }))
    .output(z.file()),
  targets: operation
    .meta(reads('metric.read'))
    .route({
      method: 'GET',
      path: '/exposition/targets',
      summary: 'Where the sites that one sees are scraped, for the HTTP service discovery of Prometheus',
      tags: TAGS,
    })
    .output(ScrapeTargets),
};
