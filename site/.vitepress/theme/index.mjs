import DefaultTheme from 'vitepress/theme'

import HomePage from './HomePage.vue'
import Layout from './Layout.vue'
import './style.css'

export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    app.component('home-page', HomePage)
  }
}
