// What pages want of the feed beside what everybody is told: the fleet at a glance, all values of single devices.

export interface Wish {
  fleet: boolean;
  watch: readonly string[];
}

export const NO_WISH: Wish = { fleet: false, watch: [] };

/** The console follows no more devices for one browser. */
const MAX_WATCHED = 20;

/** All of them in one; the devices wished for last win where there are too many. */
export function joinedWish(wishes: Iterable<Wish>): Wish {
  const watch = new Set<string>();
  let fleet = false;
  for (const wish of wishes) {
    fleet ||= wish.fleet;
    for (const id of wish.watch) watch.add(id);
  }
  return { fleet, watch: [...watch].slice(-MAX_WATCHED) };
}

/** Does following `held` tell everything that is wished for? */
export const covers = (held: Wish, wish: Wish): boolean =>
  (held.fleet || !wish.fleet) && wish.watch.every((id) => held.watch.includes(id));

/** What of `wish` is told by `next` and was not by `former`: it may have changed unseen meanwhile. */
export function gained(wish: Wish, former: Wish, next: Wish): Wish {
  const watch = wish.watch.filter((id) => next.watch.includes(id) && !former.watch.includes(id));
  return { fleet: wish.fleet && next.fleet && !former.fleet, watch };
}

/** In the form of the API's query. */
export function wishQuery({ fleet, watch }: Wish): string {
  const query = new URLSearchParams();
  if (fleet) query.set('fleet', 'true');
  if (watch.length > 0) query.set('watch', watch.join(','));
  return query.toString();
}
