/** Which Rust a package asks for. */
import type { Package } from './package.ts';

/** Whether every compiler that may build the package is Rust 1.MINOR or newer; null where it does not say. */
export function rustAtLeast(of: Package | null, minor: number): boolean | null {
  const version = of?.rustVersion;
  return version ? version[0] > 1 || version[1] >= minor : null;
}
