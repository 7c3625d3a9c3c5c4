/** A table of text: columns as wide as their widest cell, two spaces between, nothing trailing. */

/** Cells as they look on a terminal: colour codes take no room. */
export function widthOf(text: string): number {
  // eslint-disable-next-line no-control-regex -- the escape character is what is to be left out
  return [...text.replaceAll(/\u001b\[\d+m/g, "")].length;
}

export const padded = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)));

/** @param rows the first is the heading; every row has as many cells as it */
export function table(rows: readonly (readonly string[])[], gap = "  "): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ""))));
  return rows.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}

/** Left and right text on one line of at least the given width; never fewer than two spaces between. */
export function spread(left: string, right: string, width: number): string {
  return right === "" ? left : `${left}${" ".repeat(Math.max(2, width - widthOf(left) - widthOf(right)))}${right}`;
}
