// Lets the Markdown of the repository, which is written for GitHub, work in the site
import { relative } from 'node:path'

import { slug } from 'github-slugger'

import { resolveLink, root } from './pages.mjs'

export const markdown = {
  anchor: { slugify: slug },
  theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
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

    // Vue must not evaluate braces; VitePress only protects fenced code
    for (const rule of ['text', 'code_inline']) {
      const render = md.renderer.rules[rule]
      md.renderer.rules[rule] = (...args) => render(...args).replaceAll('{{', '&#123;&#123;')
    }

    // long names of properties and classes can break after a dot, see the style
    const code = md.renderer.rules.code_inline
    md.renderer.rules.code_inline = (...args) => code(...args).replace(/(?<=\w\.)(?=[a-zA-Z])/g, '<wbr>')

    // an empty header is no header
    md.core.ruler.push('empty-headers', ({ tokens }) => {
      tokens.forEach((token, index) => {
        if (token.type === 'th_open' && tokens[index + 1].content === '') {
          token.tag = tokens[index + 2].tag = 'td'
        }
      })
    })

    // a wide table scrolls, also with the keyboard, and stays a table for screen readers. See Layout.vue
    md.core.ruler.push('regions-of-tables', ({ tokens }) => {
      let heading = 'Table'
      const names = new Map()
      tokens.forEach((token, index) => {
        if (token.type === 'heading_open') {
          heading = tokens[index + 1].children.filter(({ type }) => ['text', 'code_inline'].includes(type))
            .map(({ content }) => content).join('').trim()
        } else if (token.type === 'table_open') {
          const count = (names.get(heading) ?? 0) + 1
          names.set(heading, count)
          token.attrs = [['tabindex', '0'], ['role', 'region'], ['aria-label', count === 1 ? heading : `${heading} (${count})`]]
        }
      })
    })
    md.renderer.rules.table_open = (tokens, index, options, env, self) => `<div class="table"${self.renderAttrs(tokens[index])}><table>\n`
    md.renderer.rules.table_close = () => '</table></div>\n'
  }
}
