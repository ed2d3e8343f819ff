/** Headers of C++: what has C's linkage in them is read, and nothing else is guessed. */
import { describe, expect, test } from 'vitest';
import { links, world } from './support.ts';
import type { World } from './support.ts';

const HEADER = `#pragma once
#include <cstdint>
#include <string>

namespace geo {
template <typename T> class Grid {
 public:
  T at(int x) const;
  static int geo_in_class(int x);
 private:
  T *cells_;
};
int geo_in_namespace(int x);
inline constexpr double kScale = 2.0;
}

struct GeoBase { virtual ~GeoBase() = default; int x; };
struct GeoChild final : GeoBase { int y; };
struct geo_point { int32_t x; int32_t y; };

extern "C" {
double geo_area(double width);
int32_t geo_norm(const geo_point *p);
int geo_child(GeoChild *child);
int geo_name(std::string name);
}
int geo_mangled(int x);
extern "C" int geo_alone(int x);
`;

const NAMES = ['geo_area', 'geo_norm', 'geo_child', 'geo_name', 'geo_mangled', 'geo_alone', 'geo_in_class', 'geo_in_namespace'];
const RUST = NAMES.map((name) => `#[no_mangle]\npub extern "C" fn ${name}() {}\n`).join('');

/** The parameters of the declaration that an export meets, as written, and whether each is known. */
function params({ snapshot }: World, symbol: string): unknown {
  const fn = snapshot.surface.functions.find((one) => one.symbol === symbol);
  const [linked] = fn ? snapshot.peers.linkedTo(fn) : [];
  if (!linked) return null;
  if (linked.peer.mangled) return 'mangled';
  return linked.peer.signatures[0]?.params?.map(({ written, shape }) => `${written}${shape.kind === 'unknown' ? ' ?' : ''}`) ?? null;
}

describe.each(['hh', 'hpp', 'hxx', 'h++'])('geo.%s', (extension) => {
  test('declarations with linkage of C are linked, others are mangled or not there', async () => {
    const made = await world({ 'src/lib.rs': RUST, [`include/geo.${extension}`]: HEADER });
    expect(Object.fromEntries(NAMES.map((name) => [name, params(made, name)]))).toEqual({
      geo_area: ['double'],
      geo_norm: ['const geo_point *'],
      geo_child: ['GeoChild *'],
      geo_name: null,
      geo_mangled: 'mangled',
      geo_alone: ['int'],
      geo_in_class: null,
      geo_in_namespace: null,
    });
  });
});

test('a class with a base has no layout that C knows', async () => {
  const { snapshot } = await world({ 'src/lib.rs': RUST, 'include/geo.hh': HEADER });
  const types = snapshot.peers.inFile('/w/include/geo.hh')?.types ?? [];
  const said = types.map(({ name, defs }) => `${name} ${[...defs.values()].map(({ def }) => def.kind).join()}`);
  expect(said).toContain('geo_point struct');
  expect(said.filter((one) => /^Geo\w+ struct/.test(one))).toEqual([]);
});

test('a fragment that is included is no header of its own', async () => {
  const files = { 'include/geo.h': '#include "list.inc"\n', 'include/list.inc': 'double geo_area(double width);\n' };
  const rust = '#[no_mangle]\npub extern "C" fn geo_area(width: f64) -> f64 {\n    width\n}\n';
  expect(links(await world({ 'src/lib.rs': rust, ...files }))).toEqual({ geo_area: 'nothing' });
});
