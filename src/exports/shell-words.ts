/** `export NAME=value` lines that any POSIX shell reads back as the same values. */

/** In double quotes, as environment.sh has it, where that changes nothing; in single quotes otherwise. */
export function shellWord(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,=\- ]*$/.test(value)) return `"${value}"`;
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

export const exportLine = (name: string, value: string): string => `export ${name}=${shellWord(value)}`;
