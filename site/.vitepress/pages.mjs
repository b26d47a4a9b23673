// Which files are pages, and what the index in docs/README.md says about them
import { existsSync, readFileSync, statSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const repository = readText('pom.xml').match(/<scm[^>]*>[^]*?<url>(.+?)<\/url>/)[1]

export function readText(file) {
  return readFileSync(resolve(root, file), 'utf8')
}

// CHANGELOG.md and its neighbors have uppercase names
export const topLevel = { 'CHANGELOG.md': 'changelog.md', 'CONTRIBUTING.md': 'building.md', 'SECURITY.md': 'security.md' }

/** Pages that are not in the index: the index, and those at the top level. */
export const unlisted = ['docs/README.md', ...Object.keys(topLevel)]

/** Returns the path of a page in the site for a file of the repository, or undefined if the file is not a page. */
export function pageOf(file) {
  if (file === 'site/index.md') {
    return 'index.md'
  }
  if (file === 'docs/README.md') {
    return 'documentation.md'
  }
  return file.match(/^docs\/(.+\.md)$/)?.[1] ?? topLevel[file]
}

/** Converts a link on a page to a path in the site, such as /reference/usage.md#setup, or to a link to the repository. */
export function resolveLink(link, file) {
  if (/^([a-z][a-z0-9+.-]*:|#|\/\/)/i.test(link)) {
    return link
  }
  const [, path, rest] = link.match(/^([^?#]*)(.*)$/)
  const target = posix.join(file === 'site/index.md' ? '.' : posix.dirname(file), decodeURI(path))
  const page = pageOf(target)
  if (!existsSync(resolve(root, target))) {
    throw new Error(`${file} links to ${link}, but ${target} does not exist`)
  }
  if (page) {
    return `/${page}${rest}`
  }
  return `${repository}/${statSync(resolve(root, target)).isDirectory() ? 'tree' : 'blob'}/main/${target}${rest}`
}

/** Applies a function to the text of a page outside of fenced code. */
function mapProse(markdown, map) {
  return markdown.split(/(^ *```[^]*?^ *```$)/m).map((part, index) => (index % 2 === 0 ? map(part) : part)).join('')
}

/** Returns the Markdown of a page for readers outside of the site. */
export function portableMarkdown(file, base) {
  return mapProse(readText(file), (prose) => prose.replace(/(!\[[^\]]*\]|\])\(([^)\s]+)\)/g, (_, text, link) => {
    const resolved = resolveLink(link, file)
    const raw = text.startsWith('!') ? resolved.replace(`${repository}/blob/`, `${repository}/raw/`) : resolved
    return `${text}(${raw.startsWith('/') ? base + raw.slice(1) : raw})`
  }))
}

/** Returns the section of a page below a heading of level 2, without the heading. */
export function section(file, heading) {
  const sections = readText(file).split(/^## (.+)$/m)
  const index = sections.indexOf(heading)
  if (index < 0) {
    throw new Error(`${file} has no section '${heading}'`)
  }
  return sections[index + 1].trim()
}

/** Returns the sections of the index, each with its pages: title, file, and description. */
export function readIndex() {
  const parts = readText('docs/README.md').split(/^## (.+)$/m)
  const sections = []
  for (let i = 1; i < parts.length; i += 2) {
    const items = parts[i + 1].replace(/\n {2,}(?=\S)/g, ' ').split('\n').filter((line) => line.startsWith('- '))
    sections.push({
      title: parts[i],
      pages: items.map((item) => {
        const match = item.match(/^- \[(.+?)\]\(([^)]+\.md)\): (.+)$/)
        if (!match) {
          throw new Error(`docs/README.md: expected '- [title](page.md): description' but found: ${item}`)
        }
        return { title: match[1], file: `docs/${match[2]}`, description: match[3] }
      })
    })
  }
  return sections
}

/** Returns the pitch of the project: the first paragraph of the README. */
export function readPitch() {
  return readText('README.md').split(/\n\n/)[1].replace(/\s+/g, ' ')
}

/** Returns the instructions for coding agents, without headings, which llms.txt reserves for lists of links. */
export function readInstructions() {
  const [, block] = readText('docs/how-to/coding-agents.md').match(/^````markdown\n([^]*?)^````$/m)
  return block.replace(/^##+ (.+)$/gm, '**$1**').trim()
}
