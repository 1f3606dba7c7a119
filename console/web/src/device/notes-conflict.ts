// Two people write notes of one device: whose words would be lost.

interface Words {
  /** What stands in the field. */
  text: string;
  /** What the console held when that began. */
  base: string;
  /** What the console holds now. */
  stored: string;
}

/** One's own words are unsaved, and the console holds somebody else's that are not the same. */
export const isConflict = ({ text, base, stored }: Words): boolean =>
  text !== base && stored !== base && stored !== text;
