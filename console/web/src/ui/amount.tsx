// A number in a column: digits to the right, its unit quiet and of one width, so that digits stand below digits.
import { quantity } from '#console/web/src/text/format.ts';

export function Amount({
  value,
  unit,
  unitWidth = '',
}: {
  value: number | null | undefined;
  unit: string;
  unitWidth?: string;
}) {
  const { digits, unit: name } = quantity(value, unit);
  return (
    <span className="whitespace-nowrap">
      {digits}
      <span className={`ml-1 inline-block text-left text-xs text-muted ${unitWidth}`}>{name}</span>
    </span>
  );
}
