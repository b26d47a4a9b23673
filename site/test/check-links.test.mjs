import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { checkLinks, checkPages, checkSearch, checkSidebar } from '../check-links.mjs'

const directories = []
after(() => directories.forEach((directory) => rmSync(directory, { recursive: true })))

function site(files) {
  const directory = mkdtempSync(join(tmpdir(), 'site-'))
  directories.push(directory)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return directory
}

function problems(html, files = {}) {
  return checkLinks(site({ 'guide/page.html': html, ...files })).problems
}

test('existing page, anchor, and image have no problem', () => {
  const html = '<h2 id="setup">Setup</h2><a href="#setup"></a><a href="/other.html#über"></a><img src="../a.png">'
  assert.deepEqual(problems(html, { 'other.html': '<p id="über">', 'a.png': '' }), [])
})

const repository = 'https://github.com/polar-spring/polar-spring'

const broken = {
  'missing page': ['<a href="/missing.html">', 'no such file'],
  'missing relative page': ['<a href="missing.html">', 'no such file'],
  'missing directory': ['<a href="/javadoc/">', 'no such file'],
  'missing anchor on the same page': ['<a href="#missing">', 'no such anchor'],
  'missing anchor on another page': ['<a href="/other.html#missing">', 'no such anchor'],
  'missing image': ['<img src="missing.png">', 'no such file'],
  'malformed address': ['<a href="https://exa mple/">', 'malformed'],
  'unencrypted address': ['<a href="http://example.com/">', 'expected https'],
  'missing file in the repository': [
    '<a href="https://github.com/polar-spring/polar-spring/blob/main/missing.txt">',
    'no such file in the repository'
  ],
  'untracked file in the repository': [`<a href="${repository}/blob/main/site/node_modules">`, 'no such file in the repository'],
  'missing anchor in the repository': [`<a href="${repository}/blob/main/README.md#missing">`, 'no such anchor'],
  'missing object': ['<object data="missing.svg"></object>', 'no such file'],
  'missing poster': ['<video poster="missing.png"></video>', 'no such file'],
  'missing sprite': ['<svg><use href="missing.svg#a"/></svg>', 'no such file'],
  'missing symbol': ['<svg><use xlink:href="/sprite.svg#missing"/></svg>', 'no such anchor'],
  'script of another host': ['<script src="https://cdn.example/a.js"></script>', 'loaded from another host'],
  'image of another host': ['<img src="//cdn.example/a.png">', 'loaded from another host'],
  'style sheet of another host': ['<link rel="stylesheet" href="https://cdn.example/a.css">', 'loaded from another host'],
  'font of another host': ['<style>@font-face{src:url(https://cdn.example/a.woff2)}</style>', 'loaded from another host'],
  'imported style of another host': ['<style>@import "https://cdn.example/a.css";</style>', 'loaded from another host']
}
for (const [name, [html, problem]] of Object.entries(broken)) {
  test(`${name} is a problem`, () => {
    const found = problems(html, { 'other.html': '<p id="a">', 'sprite.svg': '<svg><symbol id="a"/></svg>' })
    assert.equal(found.length, 1)
    assert.ok(found[0].startsWith('guide/page.html: ') && found[0].endsWith(`: ${problem}`), found[0])
  })
}

test('existing files and anchors in the repository have no problem', () => {
  const html = ['README.md', 'README.md#features', 'docs', 'docs/', 'site/package.json'].map((file) => `<a href="${repository}/blob/main/${file}">`)
  assert.deepEqual(problems(html.join('')), [])
})

const brokenMarkdown = {
  'missing page': ['- [Usage](/reference/usage.md): description', '/reference/usage.md: no such file'],
  'missing relative page': ['[Usage](missing.md)', 'missing.md: no such file'],
  'missing image': ['![Usage](missing.png "Usage")', 'missing.png: no such file'],
  'missing image in HTML': ['<img src="missing.png">', 'missing.png: no such file'],
  'missing page of a reference': ['[Usage]\n\n[usage]: missing.md', 'missing.md: no such file'],
  'missing anchor': ['## Setup\n\n[Setup](#setup) [Usage](#usage)', '#usage: no such anchor'],
  'missing file in the repository': [`[Usage](${repository}/blob/main/missing.txt)`, 'no such file in the repository'],
  'missing file in the repository, without brackets': [`See\n${repository}/blob/main/missing.md`, 'no such file in the repository'],
  'missing anchor in the repository': [`<${repository}/blob/main/README.md#missing>`, 'no such anchor']
}
for (const [name, [text, problem]] of Object.entries(brokenMarkdown)) {
  for (const file of ['reference/orders.md', 'llms.txt']) {
    test(`${name} in ${file} is a problem`, () => {
      const { problems } = checkLinks(site({ [file]: text }))
      assert.equal(problems.length, 1)
      assert.ok(problems[0].startsWith(`${file}: `) && problems[0].endsWith(problem), problems[0])
    })
  }
}

test('code in Markdown has no links', () => {
  assert.deepEqual(checkLinks(site({ 'llms.txt': '`[a](missing.md)`\n\n```\n[a](missing.md)\n```' })).problems, [])
})

test('page outside of the index and page that was not built are problems', () => {
  const built = site({ 'index.html': '', 'NOTES.html': '', '404.html': '', 'javadoc/index.html': '' })
  assert.deepEqual(checkPages(built, ['site/index.md', 'SECURITY.md']), ['security.html: not built', 'NOTES.html: not in docs/README.md'])
})

test('check runs through a symbolic link', () => {
  const link = join(site({}), 'link')
  symlinkSync(fileURLToPath(new URL('..', import.meta.url)), link)
  const built = site({ 'NOTES.html': '', 'assets/chunks/app.js': '' })
  const { status, stderr } = spawnSync(process.execPath, [join(link, 'check-links.mjs'), built], { encoding: 'utf8' })
  assert.equal(status, 1)
  assert.match(stderr, /^NOTES\.html: not in docs\/README\.md$/m)
})

test('page outside of the sidebar is a problem', () => {
  const built = site({
    'reference/usage.html': '<nav class="VPSidebar"><a href="/reference/usage.html"></a></nav>',
    'reference/orders.html': '<nav class="VPSidebar"><a href="/reference/usage.html"></a></nav>'
  })
  assert.deepEqual(checkSidebar(built, ['docs/reference/usage.md']), [])
  assert.match(checkSidebar(built, ['docs/reference/orders.md'])[0], /0 entries in the sidebar/)
  assert.match(checkSidebar(built, ['docs/reference/portal.md'])[0], /not built/)
})

test('missing search index and missing page in it are problems', async () => {
  const chunk = `export default ${JSON.stringify(JSON.stringify({ documentIds: { 0: '/reference/usage.html#setup' } }))}`
  const built = site({ 'assets/chunks/@localSearchIndexroot.a.mjs': chunk })
  assert.deepEqual(await checkSearch(built, ['docs/reference/usage.md']), [])
  assert.deepEqual(await checkSearch(built, ['docs/reference/orders.md']), ['docs/reference/orders.md: not in the search index'])
  assert.equal((await checkSearch(site({ 'assets/chunks/app.js': '' }), [])).length, 1)
})
