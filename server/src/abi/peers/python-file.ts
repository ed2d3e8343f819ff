/** What one Python module says of foreign functions and types, in the terms that all languages share. */
import type { PyModule } from '../../model/python/ctypes.ts';
import type { Target } from '../targets.ts';
import type { PeerFile } from './peers.ts';
import { pythonPeerTypes } from './python-types.ts';

/** `generatedBy`: what its first lines say of a tool. */
export function pythonPeerFile(module: PyModule, targets: readonly Target[], generatedBy: string | null): PeerFile {
  const types = pythonPeerTypes(module, targets);
  return { language: 'ctypes', path: module.file, functions: [], types, constants: [], libraries: [], generatedBy, dropped: 0 };
}
