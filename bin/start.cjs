/** Starts the bundled command line; shared by the two programs. */
'use strict';
const fs = require('node:fs');
const path = require('node:path');

/** `argv` is what stands behind the program's name. */
module.exports = function start(argv) {
  const root = path.dirname(__dirname);
  const bundle = path.join(root, 'dist', 'cli.cjs');
  if (Number(process.versions.node.split('.')[0]) < 20) {
    process.stderr.write(`error: ffi-lint needs Node.js 20.19 or later, this is ${process.version}\n`);
    process.exitCode = 2;
  } else if (!fs.existsSync(bundle)) {
    process.stderr.write(`error: ${bundle} does not exist: run "npm start" once to build\n`);
    process.exitCode = 2;
  } else {
    require(bundle).main(root, argv);
  }
};
