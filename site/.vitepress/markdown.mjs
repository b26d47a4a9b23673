// Lets the Markdown of the repository, which is written for GitHub, work in the site
import { relative } from 'node:path'

import { slug } from 'github-slugger'

import { resolveLink, root } from './pages.mjs'

export const markdown = {
  anchor: { slugify: slug },
  config(md) {
    md.core.ruler.after('inline', 'links-of-the-repository', ({ tokens, env }) => {
      // pages have another path in the site; the search has only this path
      const file = relative(root, env.realPath ?? env.path ?? '')
      for (const token of tokens.flatMap(({ children }) => children ?? [])) {
        if (token.type === 'link_open') {
          token.attrSet('href', resolveLink(token.attrGet('href'), file))
        }
      }
    })

    // Vue must not evaluate braces in text
    const text = md.renderer.rules.text
    md.renderer.rules.text = (...args) => text(...args).replaceAll('{{', '&#123;&#123;')

    // a wide table scrolls, also with the keyboard, and stays a table for screen readers
    md.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>\n'
    md.renderer.rules.table_close = () => '</table></div>\n'
  }
}
