// Plain JavaScript that any Node can read: it runs before the first TypeScript file.
const [major] = process.versions.node.split('.')
if (Number(major) < 26) {
  process.stderr.write(
    `Wellwatch needs Node 26 and found ${process.versions.node}. On Linux (x64, arm64) npm ci brings it along: ` +
      'start through npm (npm run demo). Elsewhere install Node 26.\n',
  )
  process.exit(1)
}
