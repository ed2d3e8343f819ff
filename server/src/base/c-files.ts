/** Which files are C or C++ headers and C sources, by their names. */

/** A header of C or of C++. */
export function isHeaderFile(path: string): boolean {
  return /\.(?:h|hh|hpp|hxx|h\+\+)$/.test(path);
}

/** A header that only C++ reads. */
export function isCxxHeader(path: string): boolean {
  return /\.(?:hh|hpp|hxx|h\+\+)$/.test(path);
}

/** What is looked at as C: headers, and sources of C alone. */
export function isCFile(path: string): boolean {
  return path.endsWith('.c') || isHeaderFile(path);
}
