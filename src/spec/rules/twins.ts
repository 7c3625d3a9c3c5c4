/** Pairs of indexes with the same value, each later one with the first of its kind. undefined is like nothing else. */
export function twins(values: readonly (string | undefined)[]): [first: number, second: number, value: string][] {
  const seen = new Map<string, number>();
  const found: [number, number, string][] = [];
  values.forEach((value, index) => {
    if (value === undefined) return;
    const first = seen.get(value);
    if (first === undefined) seen.set(value, index);
    else found.push([first, index, value]);
  });
  return found;
}
