// Adds up the health of many devices: means in whole points, and a score that is their sum.
import type { HealthSum } from '#shared/contract/health-contract.ts';
import type { HealthScore } from '#shared/model/health.ts';

type Points = Pick<HealthScore, 'availability' | 'performance' | 'security' | 'compliance' | 'confidence'>;

export class HealthTally {
  readonly sums: Points = { availability: 0, performance: 0, security: 0, compliance: 0, confidence: 0 };
  readonly counts: HealthSum['counts'] = { good: 0, fair: 0, poor: 0, unknown: 0 };
  devices = 0;

  add(score: HealthScore): void {
    this.devices += 1;
    this.counts[score.bucket] += 1;
    this.sums.availability += score.availability;
    this.sums.performance += score.performance;
    this.sums.security += score.security;
    this.sums.compliance += score.compliance;
    this.sums.confidence += score.confidence;
  }

  /** Of nobody: nothing, and nothing known. */
  get mean(): HealthSum {
    const mean = (sum: number): number => (this.devices === 0 ? 0 : Math.round(sum / this.devices));
    const availability = mean(this.sums.availability);
    const performance = mean(this.sums.performance);
    const security = mean(this.sums.security);
    const compliance = mean(this.sums.compliance);
    return {
      devices: this.devices,
      score: availability + performance + security + compliance,
      ...{ availability, performance, security, compliance },
      confidence: mean(this.sums.confidence),
      counts: { ...this.counts },
    };
  }
}
