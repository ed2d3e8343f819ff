/** The words that the file index looks out for, as bits of `Trigger`. */
import { AMPERSAND, STAR } from '../../../syntax/rust/chars.ts';
import type { Mark, Marker } from '../../../syntax/rust/marker.ts';
import { createMarker } from '../../../syntax/rust/marker.ts';
import { Trigger } from '../../rust/file-index.ts';

function words(bits: number, text: string): Mark[] {
  return text.split(' ').map((word) => ({ word, bits }));
}

/** Names of PyO3 that start with `Py` are covered by the prefix. */
export const TRIGGER_MARKER: Marker = createMarker(
  [
    ...words(Trigger.Extern, 'extern'),
    ...words(Trigger.ExportAttribute, 'no_mangle export_name link_name used link_section'),
    ...words(Trigger.Unsafe, 'unsafe'),
    ...words(
      Trigger.PyAttribute,
      'pyfunction pymethods pyclass pymodule pyo3 pyfn pyproto wrap_pyfunction wrap_pymodule create_exception import_exception',
    ),
    ...words(
      Trigger.PyName,
      'Bound Borrowed with_gil attach allow_threads detach assume_gil_acquired GILGuard GILPool GILOnceCell GILProtected ' +
        'prepare_freethreaded_python ToPyObject IntoPy IntoPyObject FromPyObject',
    ),
    ...words(Trigger.Repr, 'repr'),
    ...words(Trigger.CatchUnwind, 'catch_unwind'),
    ...words(Trigger.Module, 'mod'),
    { word: 'const', bits: Trigger.RawPointer, after: STAR },
    { word: 'mut', bits: Trigger.RawPointer, after: STAR },
    { word: 'raw', bits: Trigger.RawPointer, after: AMPERSAND },
  ],
  { text: 'Py', bits: Trigger.PyName },
  Trigger.MacroCall,
);
