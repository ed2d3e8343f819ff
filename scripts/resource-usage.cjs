/** Preloaded into a measured process: at its end it prints processor milliseconds and peak memory in KiB on stderr. */
process.on('exit', () => {
  const usage = process.resourceUsage();
  process.stderr.write(`resource-usage ${Math.round((usage.userCPUTime + usage.systemCPUTime) / 1000)} ${usage.maxRSS}\n`);
});
