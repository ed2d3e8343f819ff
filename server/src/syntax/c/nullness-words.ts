/** The words with which C says whether a pointer may be null: clang's qualifiers, and Microsoft's annotations (SAL). */

/** What a word says of the pointer that it stands at, or of the one behind it. */
export interface SaidOfNull {
  /** Of the pointer itself; null where the word says nothing of it. */
  readonly self: boolean | null;
  /** Of the pointer that it points to; null where nothing is said. */
  readonly pointee: boolean | null;
  /** It speaks of the result of the function in front of which it stands. */
  readonly result: boolean;
}

/** `_In_`, `_Out_writes_opt_`, `_Ret_maybenull_`: an underscore, a capital, and an underscore at the end (sal.h). */
const SAL =
  /^_(?:In|Out|Inout|Outptr|COM_Outptr|Outref|Ret|Reserved|Frees_ptr|Pre|Post|Field|Struct|Deref|Maybenull|Notnull|Null_terminated|NullNull_terminated|Const|Check_return|Must_inspect_result|Success|On_failure|When|At|Always|Group|Use_decl_annotations|Printf_format_string|Scanf_format_string|Return_type_success|Notref|Valid|Points_to_data|Result_nullonfailure|Result_zeroonfailure|Translates_Win32_to_HRESULT)_(?:[a-zA-Z0-9]+_)*$/;

const QUALIFIERS: Readonly<Record<string, boolean | null>> = {
  _Nonnull: false,
  _Nullable: true,
  _Nullable_result: true,
  _Null_unspecified: null,
};

/** null for a word that is none of these. */
export function saidOfNull(word: string): SaidOfNull | null {
  if (!word.startsWith('_')) return null;
  const qualifier = Object.hasOwn(QUALIFIERS, word) ? QUALIFIERS[word] : undefined;
  if (qualifier !== undefined) return { self: qualifier, pointee: null, result: false };
  return SAL.test(word) ? ofSal(word) : null;
}

/** Whether a macro of this name is left where it stands: that some compilers make nothing of it does not change what it says. */
export function isNullnessWord(word: string): boolean {
  return saidOfNull(word) !== null;
}

function ofSal(word: string): SaidOfNull {
  if (word.startsWith('_Ret_')) {
    const self = /_(?:maybenull|opt)_/.test(word) ? true : word.startsWith('_Ret_notnull_') ? false : null;
    return { self, pointee: null, result: true };
  }
  const kind = /^_(In|Out|Inout|Outptr|COM_Outptr|Frees_ptr)_/.exec(word)?.[1];
  if (kind === undefined) return { self: word === '_Maybenull_' || word === '_Pre_maybenull_' ? true : null, pointee: null, result: false };
  const pointee = kind.endsWith('Outptr') && /_result_maybenull_/.test(word) ? true : null;
  return { self: word.includes('_opt_'), pointee, result: false };
}
