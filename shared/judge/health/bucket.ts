// How well a score is called: by its points, and by how much of them rests on something known.
import type { HealthBounds } from '#shared/model/health.ts';
import type { HealthBucket } from '#shared/model/health-words.ts';

/** Below it a number is a guess. */
const LEAST_CONFIDENCE = 50;

export function bucketOf(
  { score, confidence }: { score: number; confidence: number },
  bounds: HealthBounds,
): HealthBucket {
  // What is known to be bad is bad, however little else is known.
  if (confidence < LEAST_CONFIDENCE) return score + 100 - confidence < bounds.fair ? 'poor' : 'unknown';
  if (score >= bounds.good) return 'good';
  return score >= bounds.fair ? 'fair' : 'poor';
}
