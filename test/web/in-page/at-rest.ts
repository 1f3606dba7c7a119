// Waits in a page until its colours stand: it hears of another theme with its next frame, and fades to it from then on.

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

async function atRest(): Promise<void> {
  await frame();
  await frame();
  // What goes round for ever, a mark of waiting, is no way to somewhere.
  const ending = document
    .getAnimations()
    .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
    .map((one) => one.finished);
  await Promise.allSettled(ending);
}

Object.assign(globalThis, { rmmAtRest: atRest });
