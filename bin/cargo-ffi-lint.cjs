#!/usr/bin/env node
'use strict';
// `cargo ffi-lint ARGS` runs `cargo-ffi-lint ffi-lint ARGS`.
const [first, ...rest] = process.argv.slice(2);
require('./start.cjs')(first === 'ffi-lint' ? rest : process.argv.slice(2));
