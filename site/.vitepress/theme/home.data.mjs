// The texts on the home page: the pitch, the configuration, and the method from the README
import { createMarkdownRenderer } from 'vitepress'

import { readPitch, section } from '../pages.mjs'

export default {
  watch: ['../../../README.md'],
  async load() {
    const steps = section('README.md', 'Sell a product')
    const [yaml] = steps.match(/^```yaml\n[^]+?\n```$/m)
    const [method] = steps.match(/^\t@PostMapping[^]+?^\t}$/m)
    const renderer = await createMarkdownRenderer('.', globalThis.VITEPRESS_CONFIG.markdown, '/')
    return {
      pitch: renderer.render(readPitch()),
      example: renderer.render(`${yaml}\n\n\`\`\`java\n${method.replaceAll(/^\t/gm, '')}\n\`\`\`\n`)
    }
  }
}
