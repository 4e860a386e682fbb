import { mount } from 'svelte'
import './ui/tokens.css'
import './ui/base.css'
import App from './App.svelte'
import { installSprite } from './ui/sprite.ts'

const target = document.getElementById('app')
if (target === null) throw new Error('index.html has no #app')
installSprite()
mount(App, { target })
