import type { Translated } from './dictionary.ts'
import type { zhEntrance } from './zh-entrance.ts'

export const enEntrance: Translated<typeof zhEntrance> = {
  signIn: {
    title: 'Sign in',
    user: 'User name',
    password: 'Password',
    submit: 'Sign in',
    signingIn: 'Signing in…',
    ended: 'Your session has ended. Sign in again; nothing you typed is lost.',
    endedShort: 'The session has ended',
    writeOn: 'Finish what you are writing, then sign in to send it.',
    out: 'Sign out',
    purpose: 'Incident monitor for district heating',
    notSetUp: 'Not set up yet',
  },
  firstAccount: {
    title: 'First run: make the administrator',
    why: 'Nobody has an account here yet. So that no passer-by takes it, enter the one-time code that the server showed when it started.',
    code: 'One-time code',
    where:
      'On the terminal that started the server (as a service: journalctl -u wellwatch). Each start shows a new one; it works once.',
    nameRule: 'Small letters, digits and hyphens, beginning with a letter',
    passwordRule: '12 characters at least',
    again: 'Password again',
    differs: 'The two passwords differ',
    submit: 'Make the administrator and sign in',
    demo: 'Only want to look? Run the demo on another computer or in another directory:',
  },
}
