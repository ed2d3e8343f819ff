/** What raw pointers point to, as far as local inference follows them. */
import { expect, test } from 'vitest';
import { bodiesOf } from '../../../server/src/analysis/types/local-types.ts';
import { pointeeTy, shortName } from '../../../server/src/analysis/types/local-types-ty.ts';
import { boundaryOf } from '../boundary.ts';

test.each([
  ['p', 'u8'],
  ['p.add(4)', 'u8'],
  ['p.add(4).cast::<T>()', 'T'],
  ['p as *const T', 'T'],
  ['bytes.as_ptr()', 'u8'],
  ['v.as_mut_ptr()', 'u16'],
  ['array.as_ptr()', 'i32'],
  ['text.as_ptr()', 'u8'],
  ['(*t).next', 'T'],
  ['&raw const (*t).a', 'u32'],
  ['std::ptr::addr_of!((*t).a)', 'u32'],
  ['n.as_ptr()', 'T'],
  ['u.as_mut_ptr()', 'T'],
  ['cell.get()', 'T'],
  ['p.is_null()', null],
  ['&t', null],
])('%s points to %s', async (expr, expected) => {
  const { workspace } = await boundaryOf(`
    use std::{cell::UnsafeCell, mem::MaybeUninit, ptr::NonNull};
    pub struct T { a: u32, next: *mut T }
    pub unsafe fn f(p: *const u8, t: *const T, bytes: &[u8], v: &mut Vec<u16>, text: &str, n: NonNull<T>, u: &mut MaybeUninit<T>, cell: &UnsafeCell<T>) {
      let array = [1i32; 4];
      let it = ${expr};
    }`);
  const item = workspace.items.find((one) => one.name === 'f');
  const ty = (item && bodiesOf(workspace)(item)?.bindings.find(({ name }) => name === 'it')?.ty) ?? null;
  expect(pointeeTy(ty) && shortName(pointeeTy(ty))).toBe(expected);
});
