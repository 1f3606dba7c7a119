// Keys of a shortcut: "g f" is pressed in turn, "Ctrl+K" together.

export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      {keys.split(/\s+/).map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the keys of one shortcut never move
        <kbd key={`${step}-${index}`}>{step}</kbd>
      ))}
    </span>
  );
}
