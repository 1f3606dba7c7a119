// A score with its word: no colour alone says how well something is.
import type { ReactNode } from 'react';
import type { HealthBucket } from '#shared/model/health-words.ts';
import { bucketText } from './health-words.ts';
import { t } from './text.ts';

const COLOURS: Readonly<Record<HealthBucket, string>> = {
  good: 'text-up',
  fair: 'text-changed',
  poor: 'text-down',
  unknown: 'text-muted',
};

const SHAPES: Readonly<Record<HealthBucket, ReactNode>> = {
  good: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  fair: <path d="M6 .5 11.5 6 6 11.5.5 6z" fill="currentColor" />,
  poor: <path d="M6 1 11.5 11h-11z" fill="currentColor" />,
  unknown: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 1.67" />,
};

interface ScoreProps {
  score: number;
  bucket: HealthBucket;
  isLarge?: boolean;
}

export function ScoreMark({ score, bucket, isLarge = false }: ScoreProps) {
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${COLOURS[bucket]}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true" className="size-3 shrink-0">
        {SHAPES[bucket]}
      </svg>
      <span className={isLarge ? 'text-xl font-semibold' : 'font-medium'}>
        {bucket === 'unknown' ? '–' : t('score', { score })}
      </span>
      <span className="text-xs">{bucketText(bucket)}</span>
    </span>
  );
}
