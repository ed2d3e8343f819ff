/** Lists by key that grow in place: a copy for each that is added takes the square of their number. */

export function addTo<K, V>(groups: Map<K, V[]>, key: K, one: V): void {
  const list = groups.get(key);
  if (list) list.push(one);
  else groups.set(key, [one]);
}

export function groupBy<K, V>(all: Iterable<V>, key: (one: V) => K): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const one of all) addTo(groups, key(one), one);
  return groups;
}
